package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.db.RunStatus;
import dev.pawl.db.SweepRow;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one run with its stages and attempts. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "One run: stages, attempts, failures; or a sweep: where its runs stand.")
final class ShowCommand implements Callable<Integer> {
  private static final Set<RunStatus> GOING =
      Set.of(RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.PAUSED);
  private static final long WATCH_MILLISECONDS = 2000;

  /** Clears a terminal; elsewhere an empty line parts two looks. */
  private static final String CLEAR =
      Boolean.getBoolean("pawl.terminal.out") ? "\u001b[H\u001b[2J" : System.lineSeparator();

  @Parameters(
      paramLabel = "RUN|SWEEP",
      description = "Id or its beginning, name, or experiment/name; or the name of a sweep.")
  private String name;

  @Mixin private HomeOption home;

  @Option(names = "--watch", description = "Print it anew every two seconds until the run ends.")
  private boolean watch;

  @Override
  public Integer call() throws InterruptedException {
    try (Database database = Databases.existing(home.path())) {
      Optional<SweepRow> sweep = RunChoice.sweep(database, name);
      if (sweep.isPresent()) {
        return sweep(database, sweep.get());
      }
      RunRow run = RunChoice.one(database, name);
      RunView view = new RunView(database, home.path());
      System.out.print(view.text(run));
      while (watch && GOING.contains(run.status())) {
        Thread.sleep(WATCH_MILLISECONDS);
        run = RunChoice.one(database, run.id());
        System.out.print(CLEAR + view.text(run));
      }
      return ExitCode.DONE;
    }
  }

  private int sweep(Database database, SweepRow sweep) throws InterruptedException {
    SweepView view = new SweepView(database, sweep.experimentId());
    System.out.print(view.text());
    while (watch && view.goesOn()) {
      Thread.sleep(WATCH_MILLISECONDS);
      System.out.print(CLEAR + view.text());
    }
    return ExitCode.DONE;
  }
}
