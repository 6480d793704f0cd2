package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.db.RunStatus;
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
    description = "One run: stages, attempts, failures.")
final class ShowCommand implements Callable<Integer> {
  private static final Set<RunStatus> GOING =
      Set.of(RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.PAUSED);
  private static final long WATCH_MILLISECONDS = 2000;

  /** Clears a terminal; elsewhere an empty line parts two looks. */
  private static final String CLEAR =
      Boolean.getBoolean("pawl.terminal.out") ? "\u001b[H\u001b[2J" : System.lineSeparator();

  @Parameters(paramLabel = "RUN", description = "Id or its beginning, name, or experiment/name.")
  private String name;

  @Mixin private HomeOption home;

  @Option(names = "--watch", description = "Print it anew every two seconds until the run ends.")
  private boolean watch;

  @Override
  public Integer call() throws InterruptedException {
    try (Database database = Databases.existing(home.path())) {
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
}
