package dev.pawl.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Cells under columns, and the one place that writes them in each format. */
record Table(List<Column> columns, List<List<Cell>> rows) {
  /** What stands right in its column: numbers, with their errors and signs, and nothing. */
  private static final Pattern NUMBER =
      Pattern.compile("([-+]?[\\d.,]+(e[-+]?\\d+)?)?( ?%|x)?( (±|\\+/-) [\\d.,]+)?( \\(\\d+\\))?");

  private static final Pattern CSV_PLAIN = Pattern.compile("[^\",\\r\\n]*");

  Table {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<Cell> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "%d cells under %d columns: %s".formatted(row.size(), columns.size(), row));
      }
    }
  }

  /** The table in a format, with an end of line. */
  String text(Format format) {
    return switch (format) {
      case table -> aligned(Terminal.bold());
      case json -> JsonText.of(objects());
      case csv -> csv();
      case md -> markdown();
      case latex -> Latex.tabular(this);
    };
  }

  /** Whether a column's cells stand right. */
  boolean isNumber(int column) {
    return rows.stream().allMatch(row -> NUMBER.matcher(row.get(column).text()).matches());
  }

  /**
   * Columns of equal width, two spaces between them.
   *
   * @param bold whether the best cells are in bold letters, which a terminal shows
   */
  String aligned(boolean bold) {
    List<List<Cell>> all = new ArrayList<>();
    all.add(columns.stream().map(column -> Cell.of(column.heading())).toList());
    all.addAll(rows);
    int[] widths = new int[columns.size()];
    boolean[] numbers = new boolean[columns.size()];
    for (int i = 0; i < columns.size(); i++) {
      int column = i;
      widths[i] = all.stream().mapToInt(row -> line(row.get(column)).length()).max().orElse(0);
      numbers[i] = isNumber(i);
    }
    StringBuilder text = new StringBuilder();
    for (List<Cell> row : all) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String cell = line(row.get(i));
        String space = " ".repeat(widths[i] - cell.length());
        String shown = bold && row.get(i).best() ? Terminal.inBold(cell) : cell;
        line.append(numbers[i] ? space + shown : shown + space).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  // A row of a table is one line.
  private static String line(Cell cell) {
    return cell.text().replace('\n', ' ');
  }

  // RFC 4180: lines end with CR LF, and quotes stand around what holds one of " , CR LF.
  private String csv() {
    StringBuilder text = new StringBuilder();
    append(text, columns.stream().map(Column::name).toList());
    for (List<Cell> row : rows) {
      append(
          text, row.stream().map(cell -> cell.value() == null ? "" : "" + cell.value()).toList());
    }
    return text.toString();
  }

  private static void append(StringBuilder text, List<String> fields) {
    text.append(
            String.join(
                ",",
                fields.stream()
                    .map(
                        field ->
                            CSV_PLAIN.matcher(field).matches()
                                ? field
                                : '"' + field.replace("\"", "\"\"") + '"')
                    .toList()))
        .append("\r\n");
  }

  private String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("| ");
    text.append(
        String.join(" | ", columns.stream().map(column -> inMarkdown(column.heading())).toList()));
    text.append(" |\n|");
    for (int i = 0; i < columns.size(); i++) {
      text.append(isNumber(i) && !rows.isEmpty() ? "---:|" : "---|");
    }
    text.append('\n');
    for (List<Cell> row : rows) {
      text.append("| ")
          .append(
              String.join(
                  " | ",
                  row.stream()
                      .map(
                          cell ->
                              cell.best()
                                  ? "**" + inMarkdown(cell.text()) + "**"
                                  : inMarkdown(cell.text()))
                      .toList()))
          .append(" |\n");
    }
    return text.toString();
  }

  private static String inMarkdown(String text) {
    return text.replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("*", "\\*")
        .replace("<", "&lt;")
        .replace("\n", " ");
  }

  private List<Map<String, Object>> objects() {
    List<Map<String, Object>> objects = new ArrayList<>();
    for (List<Cell> row : rows) {
      Map<String, Object> object = new LinkedHashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        object.put(columns.get(i).name(), row.get(i).value());
      }
      objects.add(object);
    }
    return objects;
  }
}
