package dev.pawl.cli;

import dev.pawl.db.GoodputRow;
import java.util.Locale;

/** Where a run's time went, in one line. */
public final class GoodputText {
  private static final double TENTHS_BELOW = 9.95;
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private GoodputText() {}

  static String of(GoodputRow row) {
    return String.format(
        Locale.ROOT,
        "%.1f %%: useful %s, redone %s, saving %s, waiting %s, failed %s of %s",
        100 * row.goodput(),
        duration(row.useful()),
        duration(row.redone()),
        duration(row.saving()),
        duration(row.waiting()),
        duration(row.failed()),
        duration(row.wall()));
  }

  /** Seconds to a tenth while they are few; the two largest units when they are many. */
  public static String duration(double seconds) {
    if (seconds < TENTHS_BELOW) {
      String tenths = String.format(Locale.ROOT, "%.1f", seconds);
      return (tenths.endsWith(".0") ? tenths.substring(0, tenths.length() - 2) : tenths) + "s";
    }
    long whole = Math.round(seconds);
    if (whole < MINUTE) {
      return whole + "s";
    }
    if (whole < HOUR) {
      return two(whole, MINUTE, "m", 1, "s");
    }
    return whole < DAY ? two(whole, HOUR, "h", MINUTE, "m") : two(whole, DAY, "d", HOUR, "h");
  }

  private static String two(long seconds, long large, String first, long small, String second) {
    return String.format(
        Locale.ROOT, "%d%s%02d%s", seconds / large, first, seconds % large / small, second);
  }
}
