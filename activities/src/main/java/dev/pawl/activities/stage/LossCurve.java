package dev.pawl.activities.stage;

import dev.pawl.db.MetricPoint;
import java.util.List;
import java.util.Locale;

/** Draws one metric over the steps. */
final class LossCurve {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 240;
  private static final int MARGIN = 12;

  private LossCurve() {}

  /** An SVG polyline of the finite values; nothing for fewer than two of them. */
  static String svg(List<MetricPoint> curve) {
    List<MetricPoint> points =
        curve.stream().filter(point -> Double.isFinite(point.value())).toList();
    if (points.size() < 2) {
      return "";
    }
    double low = points.stream().mapToDouble(MetricPoint::value).min().orElseThrow();
    double high = points.stream().mapToDouble(MetricPoint::value).max().orElseThrow();
    long first = points.get(0).step();
    long last = points.get(points.size() - 1).step();
    StringBuilder line = new StringBuilder();
    for (MetricPoint point : points) {
      double x =
          MARGIN
              + share((double) (point.step() - first), (double) (last - first))
                  * (WIDTH - 2 * MARGIN);
      double y = MARGIN + (1 - share(point.value() - low, high - low)) * (HEIGHT - 2 * MARGIN);
      line.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
    }
    return "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\"><polyline fill=\"none\" "
            .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT)
        + "stroke=\"#2457a7\" points=\"%s\"/></svg>".formatted(line.toString().strip());
  }

  private static double share(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
