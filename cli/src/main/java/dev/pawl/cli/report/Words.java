package dev.pawl.cli.report;

import dev.pawl.db.report.Speed;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers with their units, as the page says them. */
final class Words {
  /** How many digits of a hash are shown. */
  static final int DIGEST = 12;

  private static final double MEBIBYTE = 1 << 20;
  private static final double GIBIBYTE = 1 << 30;
  private static final double THOUSAND = 1000;
  private static final String[] POWERS = {"", " K", " M", " B", " T"};
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Words() {}

  /** A loss, in nats, or another number of that size. */
  static String loss(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** Three digits and a power of a thousand. */
  static String count(double value) {
    int power = 0;
    double rest = value;
    while (rest >= THOUSAND - THOUSAND / 2000 && power < POWERS.length - 1) {
      rest /= THOUSAND;
      power++;
    }
    if (power == 0) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    return String.format(Locale.ROOT, rest < 9.995 ? "%.2f" : rest < 99.95 ? "%.1f" : "%.0f", rest)
        + POWERS[power];
  }

  /** The same of a whole number. */
  static String count(long value) {
    return count((double) value);
  }

  /** All digits, in groups of three. */
  static String whole(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Tokens a second. */
  static String rate(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
  }

  static String bytes(double value) {
    return value < GIBIBYTE
        ? String.format(
            Locale.ROOT, value < 10 * MEBIBYTE ? "%.1f MiB" : "%.0f MiB", value / MEBIBYTE)
        : String.format(Locale.ROOT, "%.2f GiB", value / GIBIBYTE);
  }

  /** A share of one, as a percentage. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** Whether prompts or new tokens make up most of a measurement. */
  static String emphasis(Speed row) {
    return row.prefillLength() > row.decodeLength()
        ? "prefill-heavy"
        : row.prefillLength() < row.decodeLength() ? "decode-heavy" : "balanced";
  }
}
