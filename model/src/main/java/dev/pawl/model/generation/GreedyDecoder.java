package dev.pawl.model.generation;

import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Value;
import java.util.Arrays;

/**
 * Greedy decoding of a batch of prompts of one length with preallocated key and value caches: one
 * program call a token for vanilla models, two a block for block models (block-transformer.md 1.11;
 * prefix positions as in training).
 */
public final class GreedyDecoder {
  private final LanguageModel model;

  public GreedyDecoder(LanguageModel model) {
    this.model = model;
  }

  /**
   * Continues every prompt by exactly {@code newTokens} tokens.
   *
   * @param prompts batch x prompt length ids, row-major
   * @param batch number of prompts
   * @return batch x newTokens ids, row-major
   */
  public long[] generate(long[] prompts, int batch, int newTokens) {
    if (newTokens < 1 || prompts.length < batch || prompts.length % batch != 0) {
      throw new IllegalArgumentException(
          "%d prompt tokens in a batch of %d, %d new ones: each prompt needs a token, and one is asked"
              .formatted(prompts.length, batch, newTokens));
    }
    try (TensorScope scope = model.newScope()) {
      return model.blocks()
          ? blocks(scope, prompts, batch, newTokens)
          : tokens(scope, prompts, batch, newTokens);
    }
  }

  private long[] tokens(TensorScope scope, long[] prompts, int batch, int newTokens) {
    int length = prompts.length / batch;
    Value caches = caches(scope, batch, length + newTokens);
    long[] generated = new long[batch * newTokens];
    long[] input = prompts;
    int first = 0;
    for (int i = 0; i < newTokens; i++) {
      int width = input.length / batch;
      try (TensorScope step = scope.child()) {
        Tensor next =
            model
                .program()
                .infer(
                    step,
                    "next",
                    model.weights(),
                    caches,
                    Value.of(step, step.longs(input, batch, width)),
                    Value.of(step, first))
                .tensor(step);
        input = next.toLongs();
      }
      first += width;
      for (int row = 0; row < batch; row++) {
        generated[row * newTokens + i] = input[row];
      }
    }
    return generated;
  }

  private long[] blocks(TensorScope scope, long[] prompts, int batch, int newTokens) {
    int block = model.blockLength();
    int length = prompts.length / batch;
    int promptBlocks = (length + block - 1) / block;
    int pads = promptBlocks * block - length;
    long[] padded = new long[batch * promptBlocks * block];
    for (int row = 0; row < batch; row++) {
      System.arraycopy(prompts, row * length, padded, row * promptBlocks * block + pads, length);
    }
    int newBlocks = (newTokens + block - 1) / block;
    Value caches = caches(scope, batch, promptBlocks + newBlocks);
    long[] generated = new long[batch * newTokens];
    long[] input = padded;
    int first = 0;
    for (int done = 0; done < newTokens; done += block) {
      int width = input.length / batch;
      int count = Math.min(block, newTokens - done);
      try (TensorScope step = scope.child()) {
        Value context =
            model
                .program()
                .infer(
                    step,
                    "read",
                    model.weights(),
                    caches,
                    Value.of(step, step.longs(input, batch, width)),
                    Value.of(step, first));
        input =
            model
                .program()
                .infer(step, "decode_block", model.weights(), context, Value.of(step, count))
                .tensor(step)
                .toLongs();
      }
      first += width / block;
      for (int row = 0; row < batch; row++) {
        System.arraycopy(input, row * count, generated, row * newTokens + done, count);
      }
    }
    return generated;
  }

  private Value caches(TensorScope scope, int batch, int capacity) {
    return model
        .program()
        .infer(scope, "caches", model.weights(), Value.of(scope, batch), Value.of(scope, capacity));
  }

  /** A copy of one row of a batch. */
  public static long[] row(long[] ids, int batch, int row) {
    int length = ids.length / batch;
    return Arrays.copyOfRange(ids, row * length, (row + 1) * length);
  }
}
