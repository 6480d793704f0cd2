package dev.pawl.cli;

import java.util.List;

/** A curve in a few letters, each as high as its value is between the least and the largest. */
final class Sparkline {
  private static final String BARS = "▁▂▃▄▅▆▇█";

  private Sparkline() {}

  /** The curve; nothing without a finite value. A value that is not finite leaves a gap. */
  static String of(List<Double> values) {
    double least = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      if (Double.isFinite(value)) {
        least = Math.min(least, value);
        largest = Math.max(largest, value);
      }
    }
    if (least > largest) {
      return "";
    }
    StringBuilder line = new StringBuilder();
    for (double value : values) {
      if (!Double.isFinite(value)) {
        line.append(' ');
        continue;
      }
      double height = largest == least ? 0 : (value - least) / (largest - least);
      line.append(BARS.charAt((int) Math.round(height * (BARS.length() - 1))));
    }
    return line.toString();
  }
}
