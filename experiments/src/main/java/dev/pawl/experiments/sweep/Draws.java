package dev.pawl.experiments.sweep;

import dev.pawl.experiments.plan.StageKey;
import java.util.List;

/**
 * Random numbers that are a function of what they are for, and of nothing else: SHA-256, so that no
 * version of Java or of this program draws others.
 */
final class Draws {
  private static final int HEX_DIGITS = 13;
  private static final double RANGE = 1L << 52;

  private Draws() {}

  /**
   * A number from 0 to below 1, in steps of 2^-52.
   *
   * @param index number of the draw
   * @param purpose the key that it is for
   */
  static double share(long seed, long index, String purpose) {
    String hash =
        StageKey.hash(List.of("sweep sample", Long.toString(seed), Long.toString(index), purpose));
    return Long.parseLong(hash.substring(0, HEX_DIGITS), 16) / RANGE;
  }
}
