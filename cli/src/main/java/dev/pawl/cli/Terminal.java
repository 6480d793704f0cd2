package dev.pawl.cli;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** What the place that stdout goes to can show. The launcher knows whether it is a terminal. */
final class Terminal {
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  private Terminal() {}

  /** Whether people look at stdout while it is written. */
  static boolean isThere() {
    return Boolean.getBoolean("pawl.terminal.out");
  }

  /** Whether it shows bold letters. */
  static boolean bold() {
    return isThere() && System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
  }

  /** Whether it is a terminal that shows every character. */
  static boolean unicode() {
    return isThere() && unicode(System.getenv(), Charset.defaultCharset());
  }

  // As POSIX chooses: the first of these variables that says something.
  static boolean unicode(Map<String, String> environment, Charset charset) {
    for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String value = environment.getOrDefault(name, "");
      if (!value.isEmpty()) {
        return value.toUpperCase(Locale.ROOT).replace("-", "").contains("UTF8");
      }
    }
    return charset.equals(StandardCharsets.UTF_8);
  }

  static String inBold(String text) {
    return BOLD + text + PLAIN;
  }

  /** The sign between a value and its error, in letters that stdout can hold. */
  static String plusMinus() {
    return !isThere() || unicode() ? "±" : "+/-";
  }
}
