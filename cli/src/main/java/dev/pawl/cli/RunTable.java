package dev.pawl.cli;

import dev.pawl.db.ListedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Runs as a table: where each stands, how its loss went, and how long its stage will take. */
final class RunTable {
  /** Losses in a sparkline. */
  static final int CURVE_POINTS = 12;

  private static final List<Cell> NOT_GOING = List.of(Cell.NONE, Cell.NONE, Cell.NONE);

  private final Optional<Liveness> liveness;
  private final Format format;
  private final boolean curves;

  /**
   * A table to be.
   *
   * @param liveness tells runs whose process is gone
   * @param curves whether losses are drawn
   */
  RunTable(Optional<Liveness> liveness, Format format, boolean curves) {
    this.liveness = liveness;
    this.format = format;
    this.curves = curves;
  }

  /**
   * A run with what the record alone does not say.
   *
   * @param interrupted why nobody is at it, if the record thinks that somebody is
   */
  record Entry(ListedRun run, Optional<String> interrupted) {
    String status() {
      return interrupted.isPresent() ? Liveness.INTERRUPTED : run.status().name();
    }
  }

  Entry entry(ListedRun run) {
    return new Entry(run, liveness.flatMap(each -> each.interrupted(run.status(), run.serving())));
  }

  Table of(List<Entry> entries) {
    List<Column> columns = new ArrayList<>();
    for (String name :
        List.of("id", "experiment", "run", "model", "parameters", "status", "stages")) {
      columns.add(Column.of(name));
    }
    boolean going = entries.stream().anyMatch(entry -> going(entry).isPresent());
    boolean people = format.forPeople();
    if (going || !people) {
      columns.add(Column.of("stage"));
      columns.add(new Column("progress", "done"));
      columns.add(new Column("seconds_left", "left"));
    }
    if (curves) {
      columns.add(Column.of("loss"));
    }
    columns.add(Column.of("created"));
    columns.add(Column.of("message"));
    List<List<Cell>> rows = new ArrayList<>();
    for (Entry entry : entries) {
      ListedRun run = entry.run();
      List<Cell> row = new ArrayList<>();
      row.add(Cell.of(run.id()));
      row.add(Cell.of(run.experiment()));
      row.add(Cell.of(run.name()));
      row.add(Cell.of(run.model()));
      row.add(Cell.count(run.parameters()));
      row.add(Cell.of(entry.status()));
      row.add(Cell.of(run.stagesDone() + "/" + run.stagesTotal()));
      if (going || !people) {
        row.addAll(going(entry).map(RunTable::progress).orElse(NOT_GOING));
      }
      if (curves) {
        row.add(Cell.of(Sparkline.of(run.losses())));
      }
      row.add(Cell.of(run.createdAt().toString()));
      row.add(Cell.of(message(entry)));
      rows.add(row);
    }
    return new Table(columns, rows);
  }

  private static Optional<ListedRun.Going> going(Entry entry) {
    return entry.interrupted().isPresent() ? Optional.empty() : entry.run().going();
  }

  private static List<Cell> progress(ListedRun.Going going) {
    Cell stage = Cell.of(going.kind());
    double total = going.total();
    if (total <= 0) {
      return List.of(stage, Cell.NONE, Cell.NONE);
    }
    double share = Math.min(1, going.done() / total);
    OptionalDouble left = secondsLeft(going);
    return List.of(
        stage,
        new Cell(share, String.format(Locale.ROOT, "%.0f %%", Math.floor(100 * share)), false),
        left.isPresent()
            ? new Cell(left.getAsDouble(), GoodputText.duration(left.getAsDouble()), false)
            : Cell.NONE);
  }

  // A training says how fast it is; what it had done before this attempt does not count for it.
  private static OptionalDouble secondsLeft(ListedRun.Going going) {
    double units = going.total() - going.done();
    if (going.unitSeconds() > 0) {
      return OptionalDouble.of(units * going.unitSeconds());
    }
    return going.attempt() == 1 && going.done() > 0
        ? OptionalDouble.of(going.seconds() * units / going.done())
        : OptionalDouble.empty();
  }

  // A row of a table is one line; 'pawl show' has the others.
  private String message(Entry entry) {
    String message = entry.interrupted().orElse(entry.run().message().orElse(""));
    return format == Format.table ? message.lines().findFirst().orElse("") : message;
  }
}
