package dev.pawl.model.training;

/** Means over micro-batches. */
final class Averages {
  private final int whole;
  private double[] sums = new double[0];
  private int[] counts = new int[0];

  /**
   * The first {@code whole} values must be numbers in every micro-batch; of the rest NaN is left
   * out.
   */
  Averages(int whole) {
    this.whole = whole;
  }

  void add(double[] values) {
    if (sums.length == 0) {
      sums = new double[values.length];
      counts = new int[values.length];
    }
    for (int i = 0; i < values.length; i++) {
      if (i < whole || !Double.isNaN(values[i])) {
        sums[i] += values[i];
        counts[i]++;
      }
    }
  }

  /** NaN where there was no number. */
  double[] means() {
    double[] means = new double[sums.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = counts[i] == 0 ? Double.NaN : sums[i] / counts[i];
    }
    return means;
  }
}
