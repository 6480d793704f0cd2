package dev.pawl.model.dataset.megatron;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;

/**
 * Which samples are made of sentences.
 *
 * @param epochs times that the documents are read; 0 is as often as the samples take
 * @param samples at least so many, to the end of an epoch; 0 is all of the epochs
 * @param seqLength tokens of a sample with its special tokens and its padding
 * @param maskShare share of the tokens to hide, such as 0.15
 * @param shortSeqProbability share of shorter samples, such as 0.1
 * @param seed of the mapping; sample k is drawn with seed + k
 */
public record SentenceSamplesRequest(
    long epochs,
    long samples,
    int seqLength,
    double maskShare,
    double shortSeqProbability,
    long seed) {

  public SentenceSamplesRequest {
    if (!(maskShare > 0 && maskShare < 1)) {
      throw new PawlException(
          FailureCause.CONFIG,
          "mask_prob %s is not between 0 and 1, both excluded".formatted(maskShare));
    }
  }

  /** The mapping of these samples. */
  MappingRequest mapping(int specialTokens, int minSentences) {
    return new MappingRequest(
        epochs, samples, seqLength - specialTokens, shortSeqProbability, seed, minSentences);
  }
}
