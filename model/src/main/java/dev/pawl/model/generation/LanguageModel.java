package dev.pawl.model.generation;

import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.torch.Program;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import dev.pawl.model.torch.Value;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A model ready for inference in one precision. One call at a time. */
public final class LanguageModel implements AutoCloseable {
  private final Architecture architecture;
  private final Program program;
  private final TensorScope scope;
  private final Value weights;
  private @Nullable Value decodingWeights;

  /** A model over weights that outlive it. */
  public LanguageModel(
      Architecture architecture, Map<String, Tensor> weights, Precision precision) {
    this.architecture = architecture;
    this.program = architecture.load(precision);
    this.scope = Torch.scope();
    this.weights = program.infer(scope, "prepare", Value.of(scope, architecture.trained(weights)));
  }

  public Architecture architecture() {
    return architecture;
  }

  /** Tokens in a block; 1 for vanilla models. */
  public int blockLength() {
    return architecture.config().blockLength();
  }

  /** Whether tokens are predicted block by block. */
  public boolean blocks() {
    return architecture.config() instanceof BlockConfig;
  }

  /**
   * Scores every token of a batch.
   *
   * @param ids batch x length ids, row-major; for block models length is a multiple of the block
   *     length, and at least two blocks; at least two tokens otherwise
   * @param mask 1 for real tokens
   * @return log-probability (nats) and greedy flag (1 or 0) of each token, batch x length x 2; NaN
   *     where nothing predicts the token
   */
  public double[] score(long[] ids, byte[] mask, int batch) {
    int length = ids.length / batch;
    try (TensorScope call = scope.child()) {
      return program
          .infer(
              call,
              "score",
              weights,
              Value.of(call, call.longs(ids, batch, length)),
              Value.of(call, call.mask(mask, batch, length)))
          .tensor(call)
          .toDoubles();
    }
  }

  /**
   * Scores some units of a batch, where a unit is what one prediction yields: a token of a vanilla
   * model, a block of a block model.
   *
   * @param ids as in {@link #score}
   * @param mask as in {@link #score}
   * @param places of the units, counted row by row without the first unit of each, which nothing
   *     predicts; at least one
   * @return log-probability (nats) and greedy flag of each token of those units
   */
  public double[] scoreAt(long[] ids, byte[] mask, int batch, long[] places) {
    int length = ids.length / batch;
    try (TensorScope call = scope.child()) {
      return program
          .infer(
              call,
              "score_at",
              weights,
              Value.of(call, call.longs(ids, batch, length)),
              Value.of(call, call.mask(mask, batch, length)),
              Value.of(call, call.longs(places, places.length)))
          .tensor(call)
          .toDoubles();
    }
  }

  Program program() {
    return program;
  }

  /** The weights as decoding likes them; made when first asked for. */
  Value decodingWeights() {
    Value made = decodingWeights;
    if (made == null) {
      made = program.infer(scope, "for_decoding", weights);
      decodingWeights = made;
    }
    return made;
  }

  TensorScope newScope() {
    return scope.child();
  }

  @Override
  public void close() {
    scope.close();
    program.close();
  }
}
