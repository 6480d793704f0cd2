package dev.pawl.cli.report;

import dev.pawl.cli.StoredJson;
import dev.pawl.db.report.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;

/** On what the stages were done. */
final class EnvironmentSection {
  private static final String TITLE = "Environment";
  private static final int COLUMNS = 6;

  private EnvironmentSection() {}

  static Section of(ReportData data) {
    List<Surroundings> all = data.environments();
    if (all.isEmpty()) {
      return new Section(
          "environment", TITLE, List.of(new Part.Paragraph("No stage is done yet.")));
    }
    List<Surroundings> shown = all.stream().limit(COLUMNS).toList();
    List<SortedMap<String, String>> values =
        shown.stream().map(each -> StoredJson.texts(each.json())).toList();
    TreeSet<String> keys = new TreeSet<>();
    values.forEach(each -> keys.addAll(each.keySet()));
    List<Column> columns = new ArrayList<>(List.of(Column.text("value")));
    List<Cell> users = new ArrayList<>(List.of(Cell.of("runs")));
    for (Surroundings each : shown) {
      columns.add(
          Column.text("environment " + each.id().substring(0, Math.min(8, each.id().length()))));
      users.add(
          Cell.of(
              each.runIds().size() <= 3
                  ? String.join(", ", each.runIds().stream().map(data.runs()::label).toList())
                  : each.runIds().size() + " runs"));
    }
    List<List<Cell>> rows = new ArrayList<>();
    rows.add(users);
    for (String key : keys) {
      List<Cell> row = new ArrayList<>();
      row.add(Cell.code(key));
      values.forEach(each -> row.add(Cell.of(each.getOrDefault(key, ""))));
      boolean same =
          values.stream().map(each -> each.getOrDefault(key, "")).distinct().count() == 1;
      rows.add(same ? row : marked(row));
    }
    String more =
        all.size() > shown.size()
            ? " The %d with the most runs of %d are shown.".formatted(shown.size(), all.size())
            : "";
    return new Section(
        "environment",
        TITLE,
        List.of(
            new Part.Paragraph(
                (all.size() == 1
                        ? "Every stage was done in one environment."
                        : "The stages were done in %d environments; what differs is marked."
                            .formatted(all.size()))
                    + more),
            new Part.Shown(new Table("Environments", columns, rows))));
  }

  private static List<Cell> marked(List<Cell> row) {
    List<Cell> marked = new ArrayList<>(row);
    marked.set(0, row.get(0).with("differs"));
    return marked;
  }
}
