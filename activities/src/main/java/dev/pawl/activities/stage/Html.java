package dev.pawl.activities.stage;

import java.util.List;

/** Builds a page; every text that comes from outside is escaped here and nowhere else. */
final class Html {
  private static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
      table { border-collapse: collapse; margin: .5rem 0 1.5rem; }
      th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #ddd; }
      pre, code { font: 13px/1.4 ui-monospace, monospace; white-space: pre-wrap; word-break: break-all; }
      svg { background: #fafafa; border: 1px solid #ddd; }
      """;

  private final StringBuilder body = new StringBuilder();
  private final String title;

  Html(String title) {
    this.title = title;
    body.append("<h1>").append(escape(title)).append("</h1>\n");
  }

  Html heading(String text) {
    body.append("<h2>").append(escape(text)).append("</h2>\n");
    return this;
  }

  Html text(String text) {
    body.append("<p>").append(escape(text)).append("</p>\n");
    return this;
  }

  Html code(String text) {
    body.append("<pre>").append(escape(text)).append("</pre>\n");
    return this;
  }

  Html table(List<String> head, List<List<String>> rows) {
    body.append("<table>\n").append(row("th", head));
    rows.forEach(row -> body.append(row("td", row)));
    body.append("</table>\n");
    return this;
  }

  /** A drawing made by this package; not escaped. */
  Html drawing(String svg) {
    body.append(svg).append('\n');
    return this;
  }

  String page() {
    return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>"
        + escape(title)
        + "</title><style>\n"
        + STYLE
        + "</style></head><body>\n"
        + body
        + "</body></html>\n";
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String row(String cell, List<String> values) {
    StringBuilder row = new StringBuilder("<tr>");
    for (String value : values) {
      row.append('<').append(cell).append('>').append(escape(value));
      row.append("</").append(cell).append('>');
    }
    return row.append("</tr>\n").toString();
  }
}
