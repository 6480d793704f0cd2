package dev.pawl.model.random;

import java.nio.charset.StandardCharsets;

/** Derives seeds and numbers; the same on every machine. */
public final class Seeds {
  private static final double UNIT = 0x1.0p-53;

  private Seeds() {}

  /** A seed for one purpose, and one place within it, such as a step. */
  public static long derive(long seed, String purpose, long... indices) {
    long state = mix(seed);
    for (byte b : purpose.getBytes(StandardCharsets.UTF_8)) {
      state = mix(state ^ b);
    }
    for (long index : indices) {
      state = mix(state ^ mix(index));
    }
    return state;
  }

  /** The number at a place of a seed's stream, uniform over (0, 1). */
  public static double unit(long state, long index) {
    return ((mix(state + index) >>> 11) + 0.5) * UNIT;
  }

  // SplitMix64's step and finalizer: neighbouring arguments give unrelated values.
  private static long mix(long value) {
    long z = value * 0x9E3779B97F4A7C15L + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
