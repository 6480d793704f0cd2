package dev.pawl.model.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The raw WikiText files: their articles, and the usual way back from tokens to text. */
final class Wikitext {
  private static final String[][] BEFORE_PAIRS = {
    {"s '", "s'"},
    {" @-@ ", "-"},
    {" @,@ ", ","},
    {" @.@ ", "."},
    {" : ", ": "},
    {" ; ", "; "},
    {" . ", ". "},
    {" ! ", "! "},
    {" ? ", "? "},
    {" , ", ", "}
  };
  // Python's \s in a text pattern is Unicode's.
  private static final List<Pattern> PAIRS =
      List.of(
          pair("\\(", "\\)", "[^)]"),
          pair("\\[", "\\]", "[^\\]]"),
          pair("\\{", "\\}", "[^}]"),
          pair("\"", "\"", "[^\"]"),
          pair("'", "'", "[^']"));
  private static final String[][] AFTER_PAIRS = {
    {"= = = =", "===="},
    {"= = =", "==="},
    {"= =", "=="},
    {" \u00b0 ", "\u00b0"},
    {" \n", "\n"},
    {"\n ", "\n"},
    {" N ", " 1 "},
    {" 's", "'s"}
  };

  private Wikitext() {}

  private static Pattern pair(String open, String close, String inside) {
    return Pattern.compile(
        "(%s)\\s*(%s*?)\\s*(%s)".formatted(open, inside, close), Pattern.UNICODE_CHARACTER_CLASS);
  }

  /** Text out of the tokens of a page. */
  static String detokenize(String page) {
    String text = page;
    for (String[] rule : BEFORE_PAIRS) {
      text = text.replace(rule[0], rule[1]);
    }
    for (Pattern pair : PAIRS) {
      text = pair.matcher(text).replaceAll("$1$2$3");
    }
    for (String[] rule : AFTER_PAIRS) {
      text = text.replace(rule[0], rule[1]);
    }
    return text;
  }

  /**
   * Articles of a file, each from its heading on; a heading has one equals sign on either side.
   * What is blank before the first one is no article.
   */
  static List<String> pages(String file) {
    List<String> pages = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (String line : file.split("\n", -1)) {
      String joined = PythonText.strip(line.replace("= = =", "===").replace("= =", "=="));
      if (joined.startsWith("= ") && joined.endsWith(" =")) {
        String page = String.join("\n", lines);
        if (!PythonText.strip(page).isEmpty()) {
          pages.add(page);
        }
        lines.clear();
      }
      lines.add(line);
    }
    pages.add(String.join("\n", lines));
    return pages;
  }
}
