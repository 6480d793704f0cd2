package dev.pawl.cli;

import dev.pawl.db.AttemptRow;
import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.db.StageRow;
import dev.pawl.experiments.yaml.Nearest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows one run with its stages and attempts. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "One run: stages, attempts, failures.")
final class ShowCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "Id or its beginning, name, or experiment/name.")
  private String name;

  @Mixin private HomeOption home;

  @Override
  public Integer call() {
    try (Database database =
        Databases.openExisting(home.path())
            .orElseThrow(() -> new NotFoundException("no runs in %s yet".formatted(home.path())))) {
      List<RunRow> found = database.experiments().findRuns(name);
      if (found.isEmpty()) {
        List<RunRow> all = database.experiments().runs();
        String nearest =
            Nearest.to(name, all.stream().map(RunRow::name).toList())
                .or(() -> Nearest.to(name, all.stream().map(RunRow::id).toList()))
                .map(near -> ", nearest: " + near)
                .orElse("; 'pawl runs' lists them");
        throw new NotFoundException("no run '%s'%s".formatted(name, nearest));
      }
      if (found.size() > 1) {
        throw new NotFoundException(
            "'%s' means several runs: %s; give more of the id"
                .formatted(name, found.stream().map(RunRow::id).toList()));
      }
      show(database, found.get(0));
      return ExitCode.DONE;
    }
  }

  private static void show(Database database, RunRow run) {
    System.out.printf(
        "run         %s%nexperiment  %s%nname        %s%nmodel       %s, %,d parameters%nstatus      %s%n",
        run.id(), run.experiment(), run.name(), run.model(), run.parameters(), run.status());
    run.message().ifPresent(message -> System.out.println("message     " + message));
    for (StageRow stage : database.experiments().stagesOf(run.id())) {
      System.out.printf("%n%-16s %-8s %s%n", stage.kind(), stage.status(), stage.key());
      stage.path().ifPresent(path -> System.out.println("  artifact " + path));
      for (AttemptRow attempt : database.experiments().attemptsOf(stage.key())) {
        System.out.printf(
            "  attempt %d on %s (pid %d) from %s to %s: %s%s%n",
            attempt.attempt(),
            attempt.host(),
            attempt.pid(),
            attempt.startedAt(),
            attempt.finishedAt().map(Object::toString).orElse("now"),
            attempt.outcome().orElse("RUNNING"),
            attempt
                .cause()
                .map(cause -> " " + cause + ": " + attempt.message().orElse(""))
                .orElse(""));
      }
    }
  }
}
