package dev.pawl.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A cell of a table.
 *
 * @param value for programs, every digit: text, a number, a truth value, a list, or null for none
 * @param text for people
 * @param best whether it is the best of its column
 */
record Cell(@Nullable Object value, String text, boolean best) {
  static final Cell NONE = new Cell(null, "", false);

  /** A cell that is the same for people and programs. */
  static Cell of(Object value) {
    return new Cell(value, value.toString(), false);
  }

  /** A number, rounded for people. */
  static Cell of(double value, String format) {
    return new Cell(value, String.format(Locale.ROOT, format, value), false);
  }

  /** A count, with separators for people. */
  static Cell count(long value) {
    // By hand: a format is read anew for each of a thousand rows, at the cost of a tenth of 'runs'.
    StringBuilder text = new StringBuilder(Long.toString(value));
    for (int at = text.length() - 3; at > (value < 0 ? 1 : 0); at -= 3) {
      text.insert(at, ',');
    }
    return new Cell(value, text.toString(), false);
  }

  /** The same cell as the best of its column. */
  Cell asBest() {
    return new Cell(value, text, true);
  }
}
