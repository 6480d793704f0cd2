package dev.pawl.cli.report;

import dev.pawl.cli.Better;
import dev.pawl.cli.Mean;
import dev.pawl.db.RunStatus;
import dev.pawl.db.report.RunSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * In what the runs differ, and what comes out over the seeds of those that differ in nothing else.
 */
final class DifferencesTable {
  /** Runs that have a column each; more are counted by value. */
  private static final int COLUMNS = 6;

  /** Keys that are shown without a click. */
  private static final int SHOWN = 8;

  private static final int VALUES = 12;

  private DifferencesTable() {}

  static List<Part> of(Runs runs) {
    List<Part> parts = new ArrayList<>();
    if (runs.bySeed().stream().anyMatch(group -> group.size() > 1)) {
      parts.add(new Part.Shown(seeds(runs)));
    }
    List<String> keys = runs.differences().keys();
    if (keys.isEmpty()) {
      if (runs.all().size() > 1) {
        parts.add(new Part.Paragraph("The runs' configurations do not differ."));
      }
      return parts;
    }
    Table table = runs.all().size() <= COLUMNS ? byRun(runs, keys) : byValue(runs, keys);
    parts.add(keys.size() <= SHOWN ? new Part.Shown(table) : new Part.Folded(table, false));
    return parts;
  }

  private static String caption(List<String> keys) {
    return "What differs between the runs: "
        + (keys.size() == 1 ? "one key" : keys.size() + " keys");
  }

  private static Table byRun(Runs runs, List<String> keys) {
    List<Column> columns = new ArrayList<>(List.of(Column.text("key")));
    runs.all().forEach(run -> columns.add(Column.text(runs.label(run))));
    List<List<Cell>> rows = new ArrayList<>();
    for (String key : keys) {
      List<Cell> row = new ArrayList<>(List.of(Cell.code(key)));
      runs.all().forEach(run -> row.add(value(runs.differences().value(run, key))));
      rows.add(row);
    }
    return new Table(caption(keys), columns, rows);
  }

  private static Table byValue(Runs runs, List<String> keys) {
    List<List<Cell>> rows = new ArrayList<>();
    for (String key : keys) {
      Map<String, Integer> values = new LinkedHashMap<>();
      runs.all().forEach(run -> values.merge(runs.differences().value(run, key), 1, Integer::sum));
      List<String> words = new ArrayList<>();
      for (Map.Entry<String, Integer> each : values.entrySet()) {
        if (words.size() == VALUES) {
          words.add("and %d more".formatted(values.size() - VALUES));
          break;
        }
        words.add(
            "%s (%d)".formatted(each.getKey().isEmpty() ? "none" : each.getKey(), each.getValue()));
      }
      rows.add(
          List.of(
              Cell.code(key),
              Cell.of(Integer.toString(values.size())),
              Cell.of(String.join(", ", words))));
    }
    return new Table(
        caption(keys),
        List.of(Column.text("key"), Column.number("values"), Column.text("value (runs)")),
        rows);
  }

  private static Cell value(String value) {
    return value.isEmpty() ? Cell.of("none") : Cell.code(value);
  }

  private static Table seeds(Runs runs) {
    List<Column> columns =
        List.of(
            Column.text("runs that differ in nothing but the seed"),
            Column.number("seeds"),
            Column.number("train_loss"),
            Column.number("valid_loss"));
    List<OptionalDouble> means = new ArrayList<>();
    for (List<RunSummary> group : runs.bySeed()) {
      means.add(mean(group, ReportData.VALID_LOSS));
    }
    OptionalDouble best = Best.of(means, Better.LOWER);
    List<List<Cell>> rows = new ArrayList<>();
    for (List<RunSummary> group : runs.bySeed()) {
      OptionalDouble mean = mean(group, ReportData.VALID_LOSS);
      rows.add(
          List.of(
              Cell.of(name(runs, group)),
              Cell.of(seeds(group)),
              spread(group, ReportData.TRAIN_LOSS),
              spread(group, ReportData.VALID_LOSS).best(Best.is(mean, best))));
    }
    return new Table(
        "Means over the seeds that are done, ± their standard deviation", columns, rows);
  }

  /** What the names of all runs of a group have in common, or the first name and how many more. */
  private static String name(Runs runs, List<RunSummary> group) {
    String first = runs.label(group.get(0));
    return group.size() == 1 ? first : "%s and %d more".formatted(first, group.size() - 1);
  }

  private static String seeds(List<RunSummary> group) {
    long done = group.stream().filter(run -> run.status() == RunStatus.DONE).count();
    return done == group.size()
        ? Integer.toString(group.size())
        : "%d of %d".formatted(done, group.size());
  }

  private static Optional<Mean> over(List<RunSummary> group, String metric) {
    return Mean.of(
        group.stream()
            .filter(run -> run.status() == RunStatus.DONE)
            .map(run -> Runs.metric(run, metric))
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .toArray());
  }

  private static OptionalDouble mean(List<RunSummary> group, String metric) {
    return over(group, metric)
        .map(Mean::mean)
        .map(OptionalDouble::of)
        .orElseGet(OptionalDouble::empty);
  }

  private static Cell spread(List<RunSummary> group, String metric) {
    return over(group, metric)
        .map(
            over -> {
              Cell cell = Cell.of(Words.loss(over.mean()));
              Double deviation = over.deviation();
              return deviation == null ? cell : cell.with("± " + Words.loss(deviation));
            })
        .orElse(Cell.EMPTY);
  }
}
