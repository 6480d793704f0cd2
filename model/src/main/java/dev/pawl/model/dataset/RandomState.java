package dev.pawl.model.dataset;

/**
 * NumPy's legacy generator of one integer seed: the stream is frozen by its publisher, so an order
 * drawn from it years ago can be drawn again (megatron.md 3.9). Not thread-safe.
 */
public final class RandomState {
  private static final long WORD = 0xffffffffL;

  private final MersenneTwister twister;

  /** A generator; seeds are taken modulo 2^32. */
  public RandomState(long seed) {
    twister = new MersenneTwister(seed);
  }

  /** Exchanges two places of whatever is shuffled. */
  @FunctionalInterface
  public interface Swap {
    /** Exchanges what is at i and at j; they may be equal. */
    void swap(long i, long j);
  }

  /** 32 random bits as a number from 0. */
  public long next32() {
    return twister.nextInt32() & WORD;
  }

  /** {@code random_sample}: uniform in [0, 1) with 53 bits, of two draws. */
  public double nextDouble() {
    long high = next32() >>> 5;
    long low = next32() >>> 6;
    return (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0;
  }

  /**
   * A number from 0 to max, both included, by masked rejection: one word a candidate, two (the high
   * one first) when max takes more than 32 bits, none when max is 0.
   */
  public long bounded(long max) {
    if (max < 0) {
      throw new IllegalArgumentException("no number lies between 0 and " + max);
    }
    if (max == 0) {
      return 0;
    }
    long mask = -1L >>> Long.numberOfLeadingZeros(max);
    while (true) {
      long candidate = (max <= WORD ? next32() : (next32() << 32) | next32()) & mask;
      if (candidate <= max) {
        return candidate;
      }
    }
  }

  /**
   * {@code randint} of the default, 32- and 64-bit types: from low, included, to high, excluded.
   */
  public long randint(long low, long high) {
    return low + bounded(high - 1 - low);
  }

  /** {@code shuffle} of n places; {@code permutation(n)} is that of 0, 1, ..., n-1. */
  public void shuffle(long n, Swap places) {
    for (long i = n - 1; i > 0; i--) {
      places.swap(i, bounded(i));
    }
  }

  /** {@code permutation(n)}. */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    shuffle(
        n,
        (i, j) -> {
          int kept = order[(int) i];
          order[(int) i] = order[(int) j];
          order[(int) j] = kept;
        });
    return order;
  }

  /** {@code choice} among indices with probabilities, of one double. */
  public int choice(double[] probabilities) {
    double[] sums = new double[probabilities.length];
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      sum += probabilities[i];
      sums[i] = sum;
    }
    double drawn = nextDouble();
    for (int i = 0; i < sums.length; i++) {
      if (sums[i] / sum > drawn) {
        return i;
      }
    }
    return sums.length - 1;
  }

  /**
   * {@code geometric}: trials up to the first success.
   *
   * @param p probability of success; below 1/3, where the publisher inverts the distribution
   */
  public long geometric(double p) {
    if (!(p > 0 && p < 1.0 / 3)) {
      throw new IllegalArgumentException("p = " + p + " is not between 0 and 1/3");
    }
    return (long) Math.ceil(Math.log1p(-nextDouble()) / Math.log(1 - p));
  }
}
