package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.WorkerRow;
import dev.pawl.db.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who serves, and who works on what. */
@Command(
    name = "workers",
    mixinStandardHelpOptions = true,
    description = "Who serves the queues, and works on what for how long.")
final class WorkersCommand implements Callable<Integer> {
  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Option(
      names = "--all",
      description = "Also those that ended, and those that have been gone for more than a day.")
  private boolean all;

  @Mixin private HomeOption home;

  @Override
  public Integer call() {
    Optional<Database> existing = Databases.openExisting(home.path());
    try {
      List<WorkerRow> workers =
          existing.map(database -> database.workers().list(all)).orElse(List.of());
      if (workers.isEmpty()) {
        System.err.println("no worker serves; 'pawl worker' does");
      }
      if (!workers.isEmpty() || !format.forPeople()) {
        System.out.print(table(existing, workers).text(format));
      }
      return ExitCode.DONE;
    } finally {
      existing.ifPresent(Database::close);
    }
  }

  private Table table(Optional<Database> database, List<WorkerRow> workers) {
    Optional<Liveness> liveness = database.map(Liveness::new);
    List<Column> columns = new ArrayList<>();
    for (String name :
        List.of("worker", "state", "host", "pid", "queues", "device", "threads", "place")) {
      columns.add(Column.of(name));
    }
    columns.add(new Column("up_seconds", "up"));
    columns.add(new Column("seen_seconds_ago", "seen"));
    columns.add(Column.of("run"));
    columns.add(Column.of("stage"));
    columns.add(Column.of("attempt"));
    columns.add(new Column("stage_seconds", "for"));
    columns.add(Column.of("version"));
    List<List<Cell>> rows = new ArrayList<>();
    for (WorkerRow worker : workers) {
      boolean dead =
          worker.state() != WorkerState.STOPPED
              && liveness.map(known -> known.gone(worker.id())).orElse(false);
      if (worker.stages().isEmpty()) {
        rows.add(row(worker, dead, Optional.empty()));
      }
      worker.stages().forEach(stage -> rows.add(row(worker, dead, Optional.of(stage))));
    }
    return new Table(columns, rows);
  }

  private static List<Cell> row(WorkerRow worker, boolean dead, Optional<WorkerRow.Stage> stage) {
    Instant now = Instant.now();
    List<Cell> row = new ArrayList<>();
    row.add(Cell.of(worker.name()));
    // Of a process of this host it is known at once.
    row.add(Cell.of(dead ? WorkerState.GONE.name() : worker.state().name()));
    row.add(Cell.of(worker.host()));
    row.add(new Cell(worker.pid(), Long.toString(worker.pid()), false));
    row.add(Cell.of(String.join(",", worker.queues())));
    row.add(worker.device().map(Cell::of).orElse(Cell.NONE));
    row.add(new Cell(worker.threads(), Integer.toString(worker.threads()), false));
    row.add(worker.place().map(Cell::of).orElse(Cell.NONE));
    row.add(duration(Duration.between(worker.startedAt(), now)));
    row.add(duration(Duration.between(worker.seenAt(), now)));
    row.add(stage.flatMap(WorkerRow.Stage::run).map(Cell::of).orElse(Cell.NONE));
    row.add(stage.map(each -> Cell.of(each.kind())).orElse(Cell.NONE));
    row.add(
        stage
            .map(each -> new Cell(each.attempt(), Integer.toString(each.attempt()), false))
            .orElse(Cell.NONE));
    row.add(
        stage
            .map(each -> new Cell(each.seconds(), GoodputText.duration(each.seconds()), false))
            .orElse(Cell.NONE));
    row.add(Cell.of(worker.codeVersion()));
    return row;
  }

  private static Cell duration(Duration passed) {
    double seconds = Math.max(0, passed.toMillis() / 1000.0);
    return new Cell(seconds, GoodputText.duration(seconds), false);
  }
}
