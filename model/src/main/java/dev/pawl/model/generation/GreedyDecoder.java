package dev.pawl.model.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Greedy decoding of a batch of prompts of one length to a fixed length, as in measurements. */
public final class GreedyDecoder {
  private final SequenceGenerator generator;

  public GreedyDecoder(LanguageModel model) {
    this(model, CacheProtocol.OPTIMISED);
  }

  /** With caches of a certain kind. */
  public GreedyDecoder(LanguageModel model, CacheProtocol protocol) {
    generator = new SequenceGenerator(model, GenerationSettings.greedy(), protocol);
  }

  /**
   * Continues every prompt by exactly {@code newTokens} tokens.
   *
   * @param prompts batch x prompt length ids, row-major
   * @param batch number of prompts
   * @return batch x newTokens ids, row-major
   */
  public long[] generate(long[] prompts, int batch, int newTokens) {
    if (batch < 1 || prompts.length % batch != 0) {
      throw new IllegalArgumentException(
          "%d prompt tokens are no batch of %d prompts".formatted(prompts.length, batch));
    }
    List<long[]> rows = new ArrayList<>();
    for (int row = 0; row < batch; row++) {
      rows.add(row(prompts, batch, row));
    }
    return generator.generate(rows, newTokens).stream().flatMapToLong(Arrays::stream).toArray();
  }

  /** A copy of one row of a batch. */
  public static long[] row(long[] ids, int batch, int row) {
    int length = ids.length / batch;
    return Arrays.copyOfRange(ids, row * length, (row + 1) * length);
  }
}
