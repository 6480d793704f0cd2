package dev.pawl.model.dataset.megatron;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;

/**
 * How often documents are read for a number of samples (megatron.md 3.5, steps 1, 2 and 5). Samples
 * of L+1 tokens follow each other with one token in common.
 *
 * @param tokens T, in all documents
 * @param seqLength L
 * @param epochs E, times that every document is read
 * @param separateLastEpoch whether the last epoch is shuffled by itself, because only a small part
 *     of it is needed
 * @param samples N, which may exceed what was asked for
 * @param earlierSamples samples that end before the last epoch
 */
record GptPlan(
    long tokens,
    int seqLength,
    long epochs,
    boolean separateLastEpoch,
    long samples,
    long earlierSamples) {

  /** Share of an epoch below which a last epoch is kept apart. */
  private static final double SMALL_SHARE = 0.80;

  /**
   * The plan for at least {@code wanted} samples.
   *
   * @throws PawlException DATA when the documents hold less than one sample
   */
  static GptPlan of(long tokens, int seqLength, long wanted) {
    if (tokens <= seqLength) {
      throw new PawlException(
          FailureCause.DATA,
          "the documents have %d tokens, too few for one sample of %d: give more text, another split, or a smaller max_length"
              .formatted(tokens, seqLength + 1L));
    }
    // The smallest E with (E*T - 1) / L >= wanted.
    long needed = Math.addExact(Math.multiplyExact(wanted, (long) seqLength), 1);
    long epochs = Math.max(1, (needed + tokens - 1) / tokens);
    long samples = samples(epochs, tokens, seqLength);
    long earlier = samples(epochs - 1, tokens, seqLength);
    long last = wanted - earlier;
    long perEpoch = samples(1, tokens, seqLength);
    boolean separate = epochs > 1 && last < (long) (SMALL_SHARE * perEpoch);
    return new GptPlan(tokens, seqLength, epochs, separate, samples, epochs == 1 ? 0 : earlier);
  }

  private static long samples(long epochs, long tokens, int seqLength) {
    return Math.floorDiv(Math.multiplyExact(epochs, tokens) - 1, (long) seqLength);
  }
}
