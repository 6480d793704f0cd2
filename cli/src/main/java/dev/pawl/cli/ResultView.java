package dev.pawl.cli;

import dev.pawl.cli.ResultColumn.Role;
import dev.pawl.db.ResultRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Results as they are asked for: which lines, in which order, under which columns. */
final class ResultView {
  /** Settings that follow from another one as long as nobody gives them. */
  private static final Map<String, String> FOLLOWING =
      Map.of(
          "training.stop_steps", "training.num_train_steps",
          "training.valid_steps", "training.save_steps",
          "training.per_device_train_batch_size", "training.total_batch_size");

  /** What becomes of runs that differ in their seeds alone. */
  enum Seeds {
    /** Means where people read, a line a run where programs do. */
    auto,
    mean,
    each
  }

  /**
   * What is asked for.
   *
   * @param configurations of the runs by their ids, where settings may become columns
   * @param where conditions that runs meet, all of them
   * @param sort columns to sort by, the first one first; a minus turns the order round
   */
  record Options(
      Format format,
      boolean allColumns,
      Seeds seeds,
      Map<String, String> configurations,
      List<String> where,
      List<String> sort) {
    /** When nothing is asked for. */
    static Options usual(Format format) {
      return new Options(format, false, Seeds.auto, Map.of(), List.of(), List.of());
    }

    private boolean means() {
      return seeds == Seeds.mean || (seeds == Seeds.auto && format.forPeople());
    }
  }

  private final Options options;
  private final List<ResultColumn> columns;
  private final List<ResultLine> lines;
  private final Set<String> swept = new HashSet<>();
  private final boolean means;

  /**
   * Chooses and orders the lines.
   *
   * @throws dev.pawl.model.failure.PawlException (CONFIG) for a column that there is not
   */
  ResultView(List<ResultRow> rows, Options options) {
    this.options = options;
    Map<String, Map<String, Object>> settings = new HashMap<>();
    for (ResultRow row : rows) {
      Map<String, Object> point = SettingKeys.ofPoint(row.pointJson());
      swept.addAll(point.keySet());
      settings.put(row.runId(), settings(row, point));
    }
    this.columns = ResultColumns.of(rows, settings);
    LineChoice choice = new LineChoice(columns);
    // Conditions are of runs: what a mean is over is chosen before it is taken.
    List<ResultRow> chosen =
        choice.matching(SeedGroups.each(rows), options.where()).stream()
            .map(ResultLine::first)
            .toList();
    List<ResultLine> grouped =
        options.means() ? SeedGroups.together(chosen, settings) : SeedGroups.each(chosen);
    this.lines = choice.sorted(grouped, options.sort());
    this.means = grouped.stream().anyMatch(ResultLine::several);
  }

  private Map<String, Object> settings(ResultRow row, Map<String, Object> point) {
    Map<String, Object> values = new LinkedHashMap<>(point);
    String configuration = options.configurations().get(row.runId());
    if (configuration != null) {
      SettingKeys.ofConfiguration(configuration).forEach(values::putIfAbsent);
    }
    return values;
  }

  /** How many lines there are. */
  int size() {
    return lines.size();
  }

  /** The runs of all lines, in their order. */
  List<ResultRow> runs() {
    return lines.stream().flatMap(line -> line.runs().stream()).toList();
  }

  /** The results in the format. */
  String text() {
    if (options.format() == Format.json && !means) {
      return ResultJson.text(
          lines.stream().map(ResultLine::first).toList(), options.configurations());
    }
    if (lines.isEmpty() && options.format().forPeople()) {
      return "";
    }
    return options.format().forPeople() ? forPeople() : forPrograms();
  }

  private String forPeople() {
    List<ResultColumn> shown = columns.stream().filter(this::shown).toList();
    List<List<Cell>> rows = new ArrayList<>();
    for (ResultLine line : lines) {
      rows.add(new ArrayList<>(shown.stream().map(column -> column.cell(line, means)).toList()));
    }
    for (int i = 0; i < shown.size(); i++) {
      markBest(shown.get(i), i, rows);
    }
    List<Column> headings = new ArrayList<>();
    shown.forEach(column -> headings.add(new Column(column.name(), heading(column))));
    if (means) {
      int place = 1 + shown.stream().map(ResultColumn::name).toList().indexOf("run");
      headings.add(place, Column.of("seeds"));
      for (int i = 0; i < rows.size(); i++) {
        rows.get(i).add(place, seeds(lines.get(i)));
      }
    }
    return new Table(headings, rows).text(options.format());
  }

  private static Cell seeds(ResultLine line) {
    int counted = line.counted().size();
    return counted == line.runs().size()
        ? Cell.count(counted)
        : Cell.of("%d of %d".formatted(counted, line.runs().size()));
  }

  // A number stands out when another one is worse than it.
  private void markBest(ResultColumn column, int place, List<List<Cell>> rows) {
    List<Optional<Double>> numbers =
        lines.stream()
            .map(column::of)
            .map(found -> found.filter(Double.class::isInstance).map(Double.class::cast))
            .toList();
    Optional<Double> found =
        numbers.stream()
            .flatMap(Optional::stream)
            .reduce((best, next) -> column.better().than(next, best) ? next : best);
    if (found.isEmpty()) {
      return;
    }
    double mark = found.get();
    boolean better =
        numbers.stream().flatMap(Optional::stream).anyMatch(n -> column.better().than(mark, n));
    for (int i = 0; better && i < rows.size(); i++) {
      if (numbers.get(i).equals(found)) {
        rows.get(i).set(place, rows.get(i).get(place).asBest());
      }
    }
  }

  private String heading(ResultColumn column) {
    boolean beside =
        column.role() == Role.SCORE
            && lines.stream().anyMatch(line -> column.beside(line, means).isPresent());
    if (!beside) {
      return column.heading();
    }
    return column.heading() + " " + Terminal.plusMinus() + (means ? " sd" : " se");
  }

  /** Whether people see a column without asking for it. */
  private boolean shown(ResultColumn column) {
    List<Optional<Object>> values = lines.stream().map(column::of).toList();
    boolean some = values.stream().anyMatch(Optional::isPresent);
    if (options.allColumns()) {
      return some;
    }
    return switch (column.role()) {
      case NAME -> true;
      case SCORE -> some;
      case FACT -> lines.size() == 1 || differs(values);
      case SETTING ->
          differs(values)
              && (swept.contains(column.name()) || values.stream().allMatch(Optional::isPresent))
              && !follows(column.name(), values)
              && !(column.name().equals(SeedGroups.SEED) && means);
      case DETAIL -> column.name().equals("run_id") && namesRepeat();
    };
  }

  private static boolean differs(Collection<Optional<Object>> values) {
    return Set.copyOf(values).size() > 1;
  }

  private boolean follows(String key, List<Optional<Object>> values) {
    String leader = FOLLOWING.get(key);
    return leader != null
        && columns.stream()
            .filter(column -> column.name().equals(leader))
            .anyMatch(column -> lines.stream().map(column::of).toList().equals(values));
  }

  private boolean namesRepeat() {
    return lines.stream()
            .map(line -> line.first().experiment() + "/" + line.name())
            .distinct()
            .count()
        < lines.size();
  }

  // Every result has its column, whatever the runs; settings have one where they differ.
  private String forPrograms() {
    List<ResultColumn> wanted =
        columns.stream().filter(column -> column.role() != Role.SETTING || shown(column)).toList();
    List<Column> headings = new ArrayList<>();
    List<List<Cell>> rows = new ArrayList<>();
    lines.forEach(line -> rows.add(new ArrayList<>()));
    for (ResultColumn column : wanted) {
      headings.add(Column.of(column.name()));
      each(rows, line -> value(column.of(line).orElse(null)));
      if (column.role() == Role.SCORE && means) {
        headings.add(Column.of(column.name() + "_sd"));
        each(rows, line -> value(column.beside(line, means).orElse(null)));
        headings.add(Column.of(column.name() + "_n"));
        each(rows, line -> value(column.mean(line).map(Mean::n).orElse(0)));
      } else if (lines.stream().anyMatch(line -> column.beside(line, means).isPresent())) {
        headings.add(Column.of(column.name() + "_stderr"));
        each(rows, line -> value(column.beside(line, means).orElse(null)));
      }
      if (column.name().equals("run") && means) {
        headings.add(Column.of("seeds"));
        each(rows, line -> value(line.counted().size()));
      }
    }
    return new Table(headings, rows).text(options.format());
  }

  private void each(List<List<Cell>> rows, Function<ResultLine, Cell> cell) {
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).add(cell.apply(lines.get(i)));
    }
  }

  private static Cell value(@Nullable Object value) {
    return value == null ? Cell.NONE : Cell.of(value);
  }

  /** What people are told beside the table: what all lines share, and what is not shown. */
  List<String> notes() {
    if (!options.format().forPeople() || lines.size() < 2) {
      return List.of();
    }
    List<String> notes = new ArrayList<>();
    String shared =
        columns.stream()
            .filter(column -> column.role() == Role.FACT && !shown(column))
            .map(column -> column.of(lines.get(0)).map(value -> column.name() + " " + value))
            .flatMap(Optional::stream)
            .collect(Collectors.joining(", "));
    if (!shared.isEmpty()) {
      notes.add("the same for all: " + shared);
    }
    if (means) {
      notes.add(
          "mean and sample standard deviation over seeds of finished runs; --seeds each has a line"
              + " a run");
    }
    long hidden =
        columns.stream()
            .filter(column -> column.role() == Role.SETTING || column.role() == Role.DETAIL)
            .filter(column -> !shown(column))
            .filter(column -> lines.stream().map(column::of).anyMatch(Optional::isPresent))
            .count();
    if (hidden > 0) {
      notes.add("%d more columns with --all-columns".formatted(hidden));
    }
    return notes;
  }
}
