package dev.pawl.cli;

import java.util.List;
import java.util.regex.Pattern;

/** Tables for LaTeX; they need the package booktabs. */
final class Latex {
  private static final Pattern NEGATIVE = Pattern.compile("-[\\d.,]+.*");

  private Latex() {}

  /** A tabular with booktabs' rules, numbers to the right and the best in bold letters. */
  static String tabular(Table table) {
    StringBuilder text = new StringBuilder("\\begin{tabular}{");
    for (int i = 0; i < table.columns().size(); i++) {
      text.append(table.isNumber(i) && !table.rows().isEmpty() ? 'r' : 'l');
    }
    text.append("}\n\\toprule\n");
    line(text, table.columns().stream().map(column -> escaped(column.heading())).toList());
    text.append("\\midrule\n");
    for (List<Cell> row : table.rows()) {
      line(text, row.stream().map(Latex::cell).toList());
    }
    return text.append("\\bottomrule\n\\end{tabular}\n").toString();
  }

  private static void line(StringBuilder text, List<String> cells) {
    String line = String.join(" & ", cells);
    // A line that begins with a bracket would be taken for an option of the line before it.
    text.append(line.startsWith("[") ? "{}" : "").append(line).append(" \\\\\n");
  }

  private static String cell(Cell cell) {
    String text = escaped(cell.text());
    String signed = NEGATIVE.matcher(text).matches() ? "$-$" + text.substring(1) : text;
    return cell.best() ? "\\textbf{" + signed + "}" : signed;
  }

  /** Text as LaTeX sets it: none of its characters is a command. */
  static String escaped(String text) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&', '%', '$', '#', '_', '{', '}' -> safe.append('\\').append(c);
        case '\\' -> safe.append("\\textbackslash{}");
        case '~' -> safe.append("\\textasciitilde{}");
        case '^' -> safe.append("\\textasciicircum{}");
        case '<' -> safe.append("\\textless{}");
        case '>' -> safe.append("\\textgreater{}");
        case '|' -> safe.append("\\textbar{}");
        case '"' -> safe.append("''");
        case '±' -> safe.append("$\\pm$");
        case '×' -> safe.append("$\\times$");
        case '−' -> safe.append("$-$");
        case '\n', '\r', '\t' -> safe.append(' ');
        default -> safe.append(c);
      }
    }
    return safe.toString();
  }
}
