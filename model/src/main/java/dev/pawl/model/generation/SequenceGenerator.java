package dev.pawl.model.generation;

import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Value;
import java.util.List;

/**
 * Continues a batch of prompts with caches of keys and values: one program call a token for vanilla
 * models, one a block for block models (block-transformer.md 1.11). Prompts may differ in length:
 * the shorter ones are padded on the left, and padding counts neither as context nor as length.
 * Sequences that end leave the batch.
 */
public final class SequenceGenerator {
  private final LanguageModel model;
  private final GenerationSettings settings;
  private final CacheProtocol protocol;

  public SequenceGenerator(LanguageModel model, GenerationSettings settings) {
    this(model, settings, CacheProtocol.OPTIMISED);
  }

  /** With caches of a certain kind. */
  public SequenceGenerator(
      LanguageModel model, GenerationSettings settings, CacheProtocol protocol) {
    this.model = model;
    this.settings = settings;
    this.protocol = protocol;
  }

  /**
   * Continues every prompt by {@code newTokens} tokens, or up to and with the end of its text. They
   * are the sequences 0, 1, ...
   *
   * @param prompts at least one, of at least one token each
   * @return the new tokens of each prompt
   */
  public List<long[]> generate(List<long[]> prompts, int newTokens) {
    return generate(prompts, newTokens, 0, GenerationListener.SILENT);
  }

  /**
   * The same for a part of more sequences. What is drawn for a sequence is a function of the seed,
   * of its number and of its prompt, whatever else is in the batch.
   *
   * @param first number of the first prompt's sequence
   */
  public List<long[]> generate(
      List<long[]> prompts, int newTokens, long first, GenerationListener listener) {
    if (newTokens < 1 || prompts.isEmpty() || prompts.stream().anyMatch(p -> p.length == 0)) {
      throw new IllegalArgumentException(
          "%d prompts, %d new tokens: each prompt needs a token, and one is asked"
              .formatted(prompts.size(), newTokens));
    }
    try (TensorScope scope = model.newScope()) {
      Batch batch = new Batch(prompts, newTokens, model.blockLength(), settings, first);
      Value recipe =
          Value.of(scope, scope.doubles(settings.temperature(), settings.topK(), settings.topP()));
      TensorScope room = scope.child();
      Value caches = caches(room, batch);
      Value pads = Value.of(room, room.longs(batch.pads(), batch.rows()));
      try {
        while (true) {
          try (TensorScope step = scope.child()) {
            batch.take(next(step, caches, pads, recipe, batch), listener);
          }
          if (batch.finished()) {
            return batch.results();
          }
          if (batch.mayShrink()) {
            TensorScope smaller = scope.child();
            Value rows = Value.of(smaller, smaller.longs(batch.stayingRows(), batch.staying()));
            caches = model.program().infer(smaller, "keep", caches, rows);
            batch.shrink();
            pads = Value.of(smaller, smaller.longs(batch.pads(), batch.rows()));
            room.close();
            room = smaller;
          }
        }
      } finally {
        room.close();
      }
    }
  }

  private Value caches(TensorScope room, Batch batch) {
    // What the last step makes is never read.
    int places = batch.width() - model.blockLength();
    int capacity = protocol == CacheProtocol.REFERENCE_LIKE ? 0 : places / model.blockLength();
    return model
        .program()
        .infer(
            room,
            "caches",
            model.decodingWeights(),
            Value.of(room, batch.rows()),
            Value.of(room, capacity));
  }

  private long[] next(TensorScope step, Value caches, Value pads, Value recipe, Batch batch) {
    Value ids = Value.of(step, step.longs(batch.ids(), batch.rows(), batch.idsEach()));
    Value padded = Value.of(step, batch.padded() ? 1 : 0);
    Value first = Value.of(step, batch.read() / model.blockLength());
    Value draws = Value.of(step, step.doubles(batch.draws(), batch.rows(), batch.count()));
    Value found =
        model.blocks()
            ? model
                .program()
                .infer(
                    step,
                    "next_block",
                    model.decodingWeights(),
                    caches,
                    ids,
                    pads,
                    padded,
                    first,
                    Value.of(step, batch.count()),
                    Value.of(step, settings.positions() == PositionMode.REFERENCE ? 1 : 0),
                    recipe,
                    draws)
            : model
                .program()
                .infer(
                    step,
                    "next",
                    model.decodingWeights(),
                    caches,
                    ids,
                    pads,
                    padded,
                    first,
                    recipe,
                    draws);
    return found.tensor(step).toLongs();
  }
}
