package dev.pawl.model.dataset;

/**
 * The published stream of left pads: NumPy's bounded 16-bit integers by masked rejection, two
 * candidates out of each 32-bit output, the low half first (block-transformer.md 5.5).
 */
final class LeftPads {
  private final MersenneTwister random;
  private final int highest;
  private final int mask;
  private int pending;
  private boolean hasPending;

  LeftPads(long seed, int blockLength) {
    random = new MersenneTwister(seed);
    highest = blockLength - 1;
    mask = highest == 0 ? 0 : Integer.highestOneBit(highest) * 2 - 1;
  }

  int next() {
    if (highest == 0) {
      return 0;
    }
    while (true) {
      int candidate;
      if (hasPending) {
        candidate = pending;
        hasPending = false;
      } else {
        int bits = random.nextInt32();
        candidate = bits & 0xffff;
        pending = bits >>> 16;
        hasPending = true;
      }
      candidate &= mask;
      if (candidate <= highest) {
        return candidate;
      }
    }
  }
}
