package dev.pawl.model.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Python's ideas of white space and case, where the harness's results depend on them. */
final class PythonText {
  private static final Pattern SPACES =
      Pattern.compile("[\\s\\x1c-\\x1f]+", Pattern.UNICODE_CHARACTER_CLASS);

  private PythonText() {}

  static String stripStart(String text) {
    int start = 0;
    while (start < text.length() && space(text.charAt(start))) {
      start++;
    }
    return text.substring(start);
  }

  static String stripEnd(String text) {
    int end = text.length();
    while (end > 0 && space(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  static String strip(String text) {
    return stripEnd(stripStart(text));
  }

  /** {@code re.split(r"\s+", text)}: empty pieces at both ends count. */
  static List<String> pieces(String text) {
    return List.of(SPACES.split(text, -1));
  }

  /** {@code str.capitalize()}: the first character upper case, all others lower case. */
  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return text.substring(0, first).toUpperCase(Locale.ROOT)
        + text.substring(first).toLowerCase(Locale.ROOT);
  }

  private static boolean space(char letter) {
    return Character.isWhitespace(letter) || Character.isSpaceChar(letter) || letter == '\u0085';
  }
}
