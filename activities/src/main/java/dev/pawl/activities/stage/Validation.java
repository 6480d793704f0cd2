package dev.pawl.activities.stage;

import dev.pawl.model.dataset.Samples;
import dev.pawl.model.generation.LanguageModel;

/** Mean cross-entropy, in nats a predicted token, over held-out samples. */
final class Validation {
  private static final int BATCH = 16;

  private Validation() {}

  /**
   * The loss over the first samples.
   *
   * @param limit number of samples; 0 is all
   * @param halfWay is run once, when half of the samples are done; may throw to stop
   */
  static double loss(LanguageModel model, Samples corpus, int limit, Runnable halfWay) {
    int maxLength = corpus.length();
    long samples = limit == 0 ? corpus.samples() : Math.min(limit, corpus.samples());
    double sum = 0;
    long count = 0;
    int[] ids = new int[maxLength];
    byte[] mask = new byte[maxLength];
    for (long first = 0; first < samples; first += BATCH) {
      int batch = (int) Math.min(BATCH, samples - first);
      if (first <= samples / 2 && first + batch > samples / 2) {
        halfWay.run();
      }
      long[] batchIds = new long[batch * maxLength];
      byte[] batchMask = new byte[batch * maxLength];
      for (int i = 0; i < batch; i++) {
        corpus.sample(first + i, ids, mask);
        for (int j = 0; j < maxLength; j++) {
          batchIds[i * maxLength + j] = ids[j];
          batchMask[i * maxLength + j] = mask[j];
        }
      }
      double[] scores = model.score(batchIds, batchMask, batch);
      for (int i = 0; i < batchIds.length; i++) {
        if (batchMask[i] != 0 && !Double.isNaN(scores[2 * i])) {
          sum -= scores[2 * i];
          count++;
        }
      }
    }
    return sum / count;
  }
}
