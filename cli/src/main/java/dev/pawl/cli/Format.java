package dev.pawl.cli;

import dev.pawl.db.ResultRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How results are printed; the names are those of the option. */
enum Format {
  table,
  json,
  csv,
  md;

  /** Results as they are asked for. */
  String results(List<ResultRow> rows) {
    return this == json
        ? ResultJson.text(rows)
        : rows(ResultTable.header(rows), ResultTable.rows(rows, this == csv));
  }

  /** Any rows under a header; a cell that is a number stays one in JSON. */
  String rows(List<String> header, List<? extends List<?>> rows) {
    if (this == json) {
      return objects(header, rows);
    }
    List<List<String>> cells =
        rows.stream().map(row -> row.stream().map(Object::toString).toList()).toList();
    return switch (this) {
      case table -> aligned(header, cells);
      case md -> markdown(header, cells);
      default -> csv(header, cells);
    };
  }

  /** A count as a cell: with separators where people read it. */
  Object count(long value) {
    return this == table || this == md ? String.format(Locale.ROOT, "%,d", value) : value;
  }

  private static String aligned(List<String> header, List<List<String>> rows) {
    List<List<String>> all = new ArrayList<>(List.of(header));
    rows.forEach(row -> all.add(row.stream().map(cell -> cell.replace("\n", " ")).toList()));
    StringBuilder text = new StringBuilder();
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        int column = i;
        int width = all.stream().mapToInt(each -> each.get(column).length()).max().orElse(0);
        boolean number = rows.stream().allMatch(each -> each.get(column).matches("[-\\d.,%]*"));
        String format =
            number ? "%" + Math.max(1, width) + "s  " : "%-" + Math.max(1, width) + "s  ";
        line.append(format.formatted(row.get(i)));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static String csv(List<String> header, List<List<String>> rows) {
    StringBuilder text = new StringBuilder(String.join(",", header)).append('\n');
    for (List<String> row : rows) {
      text.append(
              String.join(
                  ",",
                  row.stream()
                      .map(
                          cell ->
                              cell.matches("[^\",\\n]*")
                                  ? cell
                                  : "\"" + cell.replace("\"", "\"\"") + "\"")
                      .toList()))
          .append('\n');
    }
    return text.toString();
  }

  private static String markdown(List<String> header, List<List<String>> rows) {
    StringBuilder text = new StringBuilder();
    text.append("| ").append(String.join(" | ", header)).append(" |\n");
    text.append("|").append("---|".repeat(header.size())).append('\n');
    for (List<String> row : rows) {
      text.append("| ")
          .append(
              String.join(
                  " | ",
                  row.stream().map(cell -> cell.replace("|", "\\|").replace("\n", " ")).toList()))
          .append(" |\n");
    }
    return text.toString();
  }

  private static String objects(List<String> header, List<? extends List<?>> rows) {
    List<Map<String, Object>> objects = new ArrayList<>();
    for (List<?> row : rows) {
      Map<String, Object> object = new LinkedHashMap<>();
      for (int i = 0; i < header.size(); i++) {
        object.put(header.get(i), row.get(i));
      }
      objects.add(object);
    }
    return JsonText.of(objects);
  }
}
