package dev.pawl.model.dataset;

/** MT19937-64 seeded by one integer, as C++'s {@code std::mt19937_64} does it. */
public final class MersenneTwister64 {
  private static final int N = 312;
  private static final int M = 156;
  private static final long LOWER = 0x7fffffffL;

  private final long[] state = new long[N];
  private int next = N;

  public MersenneTwister64(long seed) {
    state[0] = seed;
    for (int i = 1; i < N; i++) {
      long previous = state[i - 1];
      state[i] = 6364136223846793005L * (previous ^ (previous >>> 62)) + i;
    }
  }

  /** The next 64 random bits. */
  public long nextInt64() {
    if (next == N) {
      refill();
    }
    long y = state[next++];
    y ^= (y >>> 29) & 0x5555555555555555L;
    y ^= (y << 17) & 0x71d67fffeda60000L;
    y ^= (y << 37) & 0xfff7eee000000000L;
    return y ^ (y >>> 43);
  }

  private void refill() {
    for (int i = 0; i < N; i++) {
      long y = (state[i] & ~LOWER) | (state[(i + 1) % N] & LOWER);
      state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0xb5026f5aa96619e9L);
    }
    next = 0;
  }
}
