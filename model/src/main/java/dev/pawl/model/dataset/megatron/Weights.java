package dev.pawl.model.dataset.megatron;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;

/** The arithmetic of blend weights, to the last bit (megatron.md 3.7). */
final class Weights {
  /** Each dataset is asked for a little more than its share. */
  private static final double SPARE = 1.005;

  private static final int UNROLLED = 8;
  private static final int BLOCK = 128;

  private Weights() {}

  /** Divides by the sum, added up from left to right. */
  static double[] normalized(double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      if (!(weight >= 0) || !Double.isFinite(weight)) {
        throw new PawlException(
            FailureCause.CONFIG, "weight %s of a blend is not a number from 0".formatted(weight));
      }
      sum += weight;
    }
    if (!(sum > 0) || !Double.isFinite(sum)) {
      throw new PawlException(
          FailureCause.CONFIG, "the weights of the blend add up to %s".formatted(sum));
    }
    return divided(weights, sum);
  }

  /** Divides by the sum as NumPy adds it up. */
  static double[] renormalized(double[] weights) {
    return divided(weights, pairwise(weights, 0, weights.length));
  }

  /** Samples to ask of a dataset. */
  static long request(long samples, double weight) {
    return (long) Math.ceil((double) samples * weight * SPARE);
  }

  private static double[] divided(double[] weights, double sum) {
    double[] shares = new double[weights.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = weights[i] / sum;
    }
    return shares;
  }

  // Eight running sums in a block, halves above it: NumPy's order of additions.
  private static double pairwise(double[] values, int from, int count) {
    if (count > BLOCK) {
      int half = count / 2;
      half -= half % UNROLLED;
      return pairwise(values, from, half) + pairwise(values, from + half, count - half);
    }
    double sum = 0;
    int done = 0;
    if (count >= UNROLLED) {
      double[] r = new double[UNROLLED];
      for (; done + UNROLLED <= count; done += UNROLLED) {
        for (int k = 0; k < UNROLLED; k++) {
          r[k] += values[from + done + k];
        }
      }
      sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    }
    for (; done < count; done++) {
      sum += values[from + done];
    }
    return sum;
  }
}
