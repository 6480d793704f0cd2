package dev.pawl.model.config;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.Arrays;

/**
 * Division of consecutive items into train, valid and test by ratio (megatron.md 3.4). The seed
 * plays no part in it.
 */
public final class Split {
  /** Number of parts. */
  public static final int PARTS = 3;

  private final String text;
  private final double[] fractions;

  private Split(String text, double[] fractions) {
    this.text = text;
    this.fractions = fractions;
  }

  /**
   * Reads ratios such as {@code 969,30,1} or {@code 98/2}; missing ones are 0, a fourth is ignored.
   *
   * @throws PawlException CONFIG when one is not a number from 0, or all are 0
   */
  public static Split parse(String text) {
    String[] parts = text.split(text.contains(",") ? "," : "/", -1);
    double[] ratios = new double[PARTS];
    double sum = 0;
    for (int i = 0; i < PARTS; i++) {
      ratios[i] = i < parts.length ? ratio(text, parts[i]) : 0;
      sum += ratios[i];
    }
    if (!(sum > 0) || !Double.isFinite(sum)) {
      throw refused(text, "adds up to " + sum);
    }
    for (int i = 0; i < PARTS; i++) {
      ratios[i] /= sum;
    }
    return new Split(text, ratios);
  }

  /**
   * Bounds of the parts among a number of items: part k is from bounds[k], included, to
   * bounds[k+1], excluded.
   */
  public long[] bounds(long size) {
    long[] bounds = new long[PARTS + 1];
    for (int i = 0; i < PARTS; i++) {
      // rint rounds half to even, as the published code does.
      bounds[i + 1] = bounds[i] + (long) Math.rint(fractions[i] * (double) size);
    }
    long excess = bounds[PARTS] - size;
    for (int i = 1; i <= PARTS; i++) {
      bounds[i] -= excess;
    }
    if (bounds[1] < 0 || bounds[1] > bounds[2] || bounds[2] > size) {
      throw new PawlException(
          FailureCause.DATA,
          "split %s leaves no whole part of %d documents (bounds %s): give more documents or another split"
              .formatted(text, size, Arrays.toString(bounds)));
    }
    return bounds;
  }

  /** The text it was read from. */
  public String text() {
    return text;
  }

  private static double ratio(String text, String part) {
    double value;
    try {
      value = Double.parseDouble(part.strip());
    } catch (NumberFormatException e) {
      throw refused(text, "has the part '%s'".formatted(part));
    }
    if (!(value >= 0)) {
      throw refused(text, "has the part '%s'".formatted(part));
    }
    return value;
  }

  private static PawlException refused(String text, String how) {
    return new PawlException(
        FailureCause.CONFIG,
        "split '%s' %s; three numbers from 0 that are not all 0 are needed, such as 969,30,1"
            .formatted(text, how));
  }
}
