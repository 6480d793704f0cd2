package dev.pawl.model.dataset;

import java.util.Arrays;

/** Python's {@code random.Random} of one integer seed. Not thread-safe. */
public final class PythonRandom {
  private static final int WORD_BITS = 32;
  private static final long WORD = 0xffffffffL;

  private final MersenneTwister twister;

  /** A generator; a seed and its negative are the same. */
  public PythonRandom(long seed) {
    long size = Math.abs(seed);
    int[] words = {(int) size, (int) (size >>> WORD_BITS)};
    twister = MersenneTwister.ofWords(words[1] == 0 ? Arrays.copyOf(words, 1) : words);
  }

  /** {@code random()}: uniform in [0, 1) with 53 bits, of two draws. */
  public double nextDouble() {
    long high = next32() >>> 5;
    long low = next32() >>> 6;
    return (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0;
  }

  /**
   * {@code getrandbits}: the upper bits of a word; of two, of which the low one comes first, for
   * more than 32.
   *
   * @param bits from 1 to 63
   */
  public long bits(int bits) {
    if (bits < 1 || bits > 63) {
      throw new IllegalArgumentException(bits + " bits are not from 1 to 63");
    }
    if (bits <= WORD_BITS) {
      return next32() >>> (WORD_BITS - bits);
    }
    long low = next32();
    return low | (next32() >>> (2 * WORD_BITS - bits)) << WORD_BITS;
  }

  /** {@code randrange(n)}: a number from 0 to before n. */
  public long below(long n) {
    if (n < 1) {
      throw new IllegalArgumentException("no number lies between 0 and " + n);
    }
    // Of one number too a bit is drawn until it is 0.
    int bits = Long.SIZE - Long.numberOfLeadingZeros(n);
    while (true) {
      long candidate = bits(bits);
      if (candidate < n) {
        return candidate;
      }
    }
  }

  /** {@code randint}: from low to high, both included. */
  public long randint(long low, long high) {
    return low + below(high - low + 1);
  }

  /** {@code shuffle} of n places. */
  public void shuffle(long n, RandomState.Swap places) {
    for (long i = n - 1; i > 0; i--) {
      places.swap(i, below(i + 1));
    }
  }

  private long next32() {
    return twister.nextInt32() & WORD;
  }
}
