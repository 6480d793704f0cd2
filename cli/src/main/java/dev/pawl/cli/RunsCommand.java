package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists runs. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    description = "What ran, and where it stands.")
final class RunsCommand implements Callable<Integer> {
  @Option(
      names = "-o",
      paramLabel = "FORMAT",
      description = "table, json, csv or md (${DEFAULT-VALUE}).",
      defaultValue = "table")
  private Format format;

  @Mixin private HomeOption home;

  @Override
  public Integer call() {
    Optional<Database> existing = Databases.openExisting(home.path());
    List<List<Object>> rows = new ArrayList<>();
    try {
      Optional<Liveness> liveness = existing.map(Liveness::new);
      for (RunRow run : existing.map(open -> open.experiments().runs()).orElse(List.of())) {
        Optional<String> interrupted = liveness.flatMap(each -> each.interrupted(run));
        rows.add(
            List.of(
                run.id(),
                run.experiment(),
                run.name(),
                run.model(),
                format.count(run.parameters()),
                interrupted.isPresent() ? Liveness.INTERRUPTED : run.status().name(),
                run.stagesDone() + "/" + run.stagesTotal(),
                run.createdAt().toString(),
                interrupted.orElseGet(() -> message(run))));
      }
    } finally {
      existing.ifPresent(Database::close);
    }
    List<String> header =
        List.of(
            "id",
            "experiment",
            "run",
            "model",
            "parameters",
            "status",
            "stages",
            "created",
            "message");
    if (rows.isEmpty()) {
      System.err.println(Databases.noRuns(home.path()));
    }
    System.out.print(rows.isEmpty() && format == Format.table ? "" : format.rows(header, rows));
    return ExitCode.DONE;
  }

  // A row of a table is one line; 'pawl show' has the others.
  private String message(RunRow run) {
    String message = run.message().orElse("");
    return format == Format.table ? message.lines().findFirst().orElse("") : message;
  }
}
