package dev.pawl.model.dataset;

/**
 * MT19937 seeded by one integer, as NumPy's RandomState, PyTorch's CPU generator and C++'s {@code
 * std::mt19937} do it.
 */
public final class MersenneTwister {
  private static final int N = 624;
  private static final int M = 397;

  private final int[] state = new int[N];
  private int next = N;

  public MersenneTwister(long seed) {
    state[0] = (int) seed;
    for (int i = 1; i < N; i++) {
      int previous = state[i - 1];
      state[i] = 1812433253 * (previous ^ (previous >>> 30)) + i;
    }
  }

  /** A generator seeded by several words, as Python's {@code random} does it. */
  static MersenneTwister ofWords(int[] words) {
    MersenneTwister twister = new MersenneTwister(19_650_218);
    int[] state = twister.state;
    int at = 1;
    for (int k = 0; k < Math.max(N, words.length); k++) {
      int word = k % words.length;
      state[at] = (state[at] ^ (mixed(state[at - 1]) * 1_664_525)) + words[word] + word;
      at = following(state, at);
    }
    for (int k = 0; k < N - 1; k++) {
      state[at] = (state[at] ^ (mixed(state[at - 1]) * 1_566_083_941)) - at;
      at = following(state, at);
    }
    state[0] = 0x80000000;
    return twister;
  }

  private static int mixed(int previous) {
    return previous ^ (previous >>> 30);
  }

  private static int following(int[] state, int at) {
    if (at < N - 1) {
      return at + 1;
    }
    state[0] = state[N - 1];
    return 1;
  }

  /** The next 32 random bits. */
  public int nextInt32() {
    if (next == N) {
      refill();
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  private void refill() {
    for (int i = 0; i < N; i++) {
      int y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
      state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
    }
    next = 0;
  }
}
