package dev.pawl.model.generation;

import dev.pawl.model.random.Seeds;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Continues a batch of prompts with preallocated key and value caches: one program call a token for
 * vanilla models, two a block for block models (block-transformer.md 1.11). Prompts may differ in
 * length: the shorter ones are padded on the left, and padding counts neither as context nor as
 * length.
 */
public final class SequenceGenerator {
  private final LanguageModel model;
  private final GenerationSettings settings;

  public SequenceGenerator(LanguageModel model, GenerationSettings settings) {
    this.model = model;
    this.settings = settings;
  }

  /**
   * Continues every prompt by {@code newTokens} tokens, or up to and with the end of its text.
   *
   * @param prompts at least one, of at least one token each
   * @return the new tokens of each prompt
   */
  public List<long[]> generate(List<long[]> prompts, int newTokens) {
    if (newTokens < 1 || prompts.isEmpty() || prompts.stream().anyMatch(p -> p.length == 0)) {
      throw new IllegalArgumentException(
          "%d prompts, %d new tokens: each prompt needs a token, and one is asked"
              .formatted(prompts.size(), newTokens));
    }
    int unit = model.blockLength();
    int longest = prompts.stream().mapToInt(p -> p.length).max().orElseThrow();
    int read = (longest + unit - 1) / unit * unit;
    // The read prompts and all that is generated, whole blocks.
    int width = read + (newTokens + unit - 1) / unit * unit;
    Batch batch = new Batch(prompts, read, width, newTokens);
    try (TensorScope scope = model.newScope()) {
      Value caches =
          model
              .program()
              .infer(
                  scope,
                  "caches",
                  model.weights(),
                  Value.of(scope, prompts.size()),
                  Value.of(scope, model.blocks() ? width / unit : width));
      int first = 0;
      int end = read;
      while (batch.unfinished() && batch.made < newTokens) {
        int count = Math.min(unit, newTokens - batch.made);
        try (TensorScope step = scope.child()) {
          batch.take(
              model.blocks()
                  ? block(step, caches, batch, first, end, count)
                  : token(step, caches, batch, first, end),
              end,
              count);
        }
        first = end;
        end += unit;
      }
    }
    return batch.results();
  }

  private long[] token(TensorScope step, Value caches, Batch batch, int first, int end) {
    return model
        .program()
        .infer(
            step,
            "next",
            model.weights(),
            caches,
            Value.of(step, step.longs(batch.ids(first, end), batch.rows, end - first)),
            Value.of(step, step.mask(batch.seen(end), batch.rows, end)),
            Value.of(step, first),
            recipe(step),
            Value.of(step, step.doubles(draws(batch, 1))))
        .tensor(step)
        .toLongs();
  }

  private long[] block(TensorScope step, Value caches, Batch batch, int first, int end, int count) {
    Value context =
        model
            .program()
            .infer(
                step,
                "read",
                model.weights(),
                caches,
                Value.of(step, step.longs(batch.ids(first, end), batch.rows, end - first)),
                Value.of(step, step.mask(batch.seen(end), batch.rows, end)),
                Value.of(step, first / model.blockLength()));
    return model
        .program()
        .infer(
            step,
            "decode_block",
            model.weights(),
            context,
            Value.of(step, count),
            Value.of(step, settings.positions() == PositionMode.REFERENCE ? 1 : 0),
            recipe(step),
            Value.of(step, step.doubles(draws(batch, count), batch.rows, count)))
        .tensor(step)
        .toLongs();
  }

  private Value recipe(TensorScope step) {
    return Value.of(step, step.doubles(settings.temperature(), settings.topK(), settings.topP()));
  }

  // A function of seed, sequence and place alone: neither batch nor block length matters.
  private double[] draws(Batch batch, int count) {
    double[] draws = new double[batch.rows * count];
    if (settings.temperature() > 0) {
      for (int row = 0; row < batch.rows; row++) {
        long state = Seeds.derive(settings.seed(), "sampling", row);
        for (int i = 0; i < count; i++) {
          draws[row * count + i] = Seeds.unit(state, batch.made + i);
        }
      }
    }
    return draws;
  }

  /** The tokens so far, padded on the left. */
  private final class Batch {
    private final int rows;
    private final int read;
    private final long[][] ids;
    private final byte[][] seen;
    private final int[] lengths;
    private int made;

    Batch(List<long[]> prompts, int read, int width, int newTokens) {
      this.rows = prompts.size();
      this.read = read;
      ids = new long[rows][width];
      seen = new byte[rows][width];
      lengths = new int[rows];
      for (int row = 0; row < rows; row++) {
        long[] prompt = prompts.get(row);
        System.arraycopy(prompt, 0, ids[row], read - prompt.length, prompt.length);
        Arrays.fill(seen[row], read - prompt.length, read, (byte) 1);
        lengths[row] = newTokens;
      }
    }

    long[] ids(int from, int to) {
      long[] flat = new long[rows * (to - from)];
      for (int row = 0; row < rows; row++) {
        System.arraycopy(ids[row], from, flat, row * (to - from), to - from);
      }
      return flat;
    }

    byte[] seen(int to) {
      byte[] flat = new byte[rows * to];
      for (int row = 0; row < rows; row++) {
        System.arraycopy(seen[row], 0, flat, row * to, to);
      }
      return flat;
    }

    // Finished sequences go on inside the batch, where nobody sees them: rows do not touch each
    // other.
    void take(long[] found, int at, int count) {
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < count; i++) {
          long token = found[row * count + i];
          ids[row][at + i] = token;
          seen[row][at + i] = 1;
          boolean ends =
              settings.endOfText().isPresent() && token == settings.endOfText().getAsInt();
          if (ends && made + i + 1 < lengths[row]) {
            lengths[row] = made + i + 1;
          }
        }
      }
      made += count;
    }

    boolean unfinished() {
      return Arrays.stream(lengths).anyMatch(length -> length > made);
    }

    List<long[]> results() {
      List<long[]> results = new ArrayList<>();
      for (int row = 0; row < rows; row++) {
        results.add(Arrays.copyOfRange(ids[row], read, read + lengths[row]));
      }
      return results;
    }
  }
}
