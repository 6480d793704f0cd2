package dev.pawl.model.evaluation;

import dev.pawl.model.dataset.PythonRandom;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Means and standard errors. */
final class Statistics {
  private static final int CHUNK = 1000;
  private static final int CHUNKS = 100;

  private Statistics() {}

  static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** Sample standard deviation over the root of the count; 0 for a single value. */
  static double stderr(double[] values) {
    return values.length < 2 ? 0 : deviation(values) / Math.sqrt(values.length);
  }

  /**
   * Standard error of exp(-mean) by bootstrap: the deviation over 100,000 samples with replacement,
   * drawn as the harness draws them (Python's generator, a thousand samples from each of the seeds
   * 0 to 99), so that the digits are the harness's too.
   */
  static double perplexityStderr(double[] logLikelihoods) {
    double[] found =
        IntStream.range(0, CHUNKS)
            .parallel()
            .boxed()
            .flatMap(seed -> Arrays.stream(resample(logLikelihoods, seed)).boxed())
            .mapToDouble(Double::doubleValue)
            .toArray();
    return deviation(found);
  }

  private static double[] resample(double[] values, int seed) {
    PythonRandom random = new PythonRandom(seed);
    double[] found = new double[CHUNK];
    for (int i = 0; i < CHUNK; i++) {
      double sum = 0;
      for (int j = 0; j < values.length; j++) {
        sum += values[(int) (random.nextDouble() * values.length)];
      }
      found[i] = Math.exp(-sum / values.length);
    }
    return found;
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / (values.length - 1));
  }
}
