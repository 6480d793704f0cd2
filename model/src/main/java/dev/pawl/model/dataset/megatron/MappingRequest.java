package dev.pawl.model.dataset.megatron;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What decides the samples that are cut out of sentences (megatron.md 3.10).
 *
 * @param epochs times that the documents are read; 0 is as often as the samples take
 * @param samples at least so many, to the end of an epoch; 0 is all of the epochs
 * @param maxLength M: longest target length of a sample, without its special tokens
 * @param shortSeqProbability share of the samples with a random target length from 2 to M
 * @param seed of the target lengths; the shuffle is seeded by the next number
 * @param minSentences fewest sentences of a sample
 */
record MappingRequest(
    long epochs,
    long samples,
    int maxLength,
    double shortSeqProbability,
    long seed,
    int minSentences) {

  MappingRequest {
    if (epochs < 0 || samples < 0 || epochs + samples == 0) {
      throw refused(
          "%d epochs and %d samples are asked for; one of them must be above 0"
              .formatted(epochs, samples));
    }
    if (maxLength < 2) {
      throw refused(
          "a sample of at most %d tokens is too short; use a higher seq_length"
              .formatted(maxLength));
    }
    if (!(shortSeqProbability >= 0 && shortSeqProbability <= 1)
        || (shortSeqProbability > 0 && 1 / shortSeqProbability > Integer.MAX_VALUE)) {
      throw refused("short_seq_prob %s is not 0 or a share up to 1".formatted(shortSeqProbability));
    }
    if (seed < 0 || seed >= Integer.MAX_VALUE) {
      throw refused("seed %d is not from 0 to %d".formatted(seed, Integer.MAX_VALUE - 1));
    }
  }

  /** A short sample is drawn when a random word is a multiple of it; 0 is never. */
  int shortSeqRatio() {
    // Math.round goes up at a half, which is away from zero here, as C++'s round does.
    return shortSeqProbability == 0 ? 0 : Math.toIntExact(Math.round(1 / shortSeqProbability));
  }

  /** The name that the reference gives to the file of this mapping. */
  String referenceFile(String prefix, String part) {
    StringBuilder name = new StringBuilder(prefix).append('_').append(part).append("_indexmap");
    if (epochs > 0) {
      name.append('_').append(epochs).append("ep");
    }
    if (samples > 0) {
      name.append('_').append(samples).append("mns");
    }
    // Of the double itself and half to even, as Python prints it.
    BigDecimal probability =
        new BigDecimal(shortSeqProbability).setScale(2, RoundingMode.HALF_EVEN);
    return name.append('_')
        .append(maxLength)
        .append("msl_")
        .append(probability.toPlainString())
        .append("ssp_")
        .append(seed)
        .append("s.npy")
        .toString();
  }

  /** Names the content of the data and all that is asked for; names of files say nothing. */
  String description(String contentSha256) {
    return "Sentence samples\n\nData content %s\nNumber of epochs %d\nNumber of samples %d\n"
            .formatted(contentSha256, epochs, samples)
        + "Longest target %d\nShort sequence ratio %d\nRandom seed %d\nFewest sentences %d\n"
            .formatted(maxLength, shortSeqRatio(), seed, minSentences);
  }

  private static PawlException refused(String message) {
    return new PawlException(FailureCause.CONFIG, message);
  }
}
