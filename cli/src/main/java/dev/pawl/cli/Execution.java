package dev.pawl.cli;

import dev.pawl.activities.RunActivitiesImpl;
import dev.pawl.activities.RunEnd;
import dev.pawl.activities.StageActivitiesImpl;
import dev.pawl.activities.protocol.StageProtocol;
import dev.pawl.activities.stage.Stages;
import dev.pawl.db.Database;
import dev.pawl.db.Owner;
import dev.pawl.model.torch.Torch;
import dev.pawl.workflows.ExperimentEnd;
import dev.pawl.workflows.ExperimentRequest;
import dev.pawl.workflows.RunRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Runs that are in the record already, served and waited for in this process. */
final class Execution {
  private final Database database;
  private final Path home;
  private final int threads;
  private final OrderlyStop stop;

  Execution(Database database, Path home, int threads, OrderlyStop stop) {
    this.database = database;
    this.home = home;
    this.threads = threads;
    this.stop = stop;
  }

  /** Brings the runs to their ends, prints their experiment's results and returns the exit code. */
  int run(ExperimentRequest request, Format format) throws IOException {
    // Whoever starts a run wants it to run, whatever was wished of it before.
    database.controls().clear(request.runs().stream().map(RunRequest::runId).toList());
    Torch.start(threads);
    TerminalProgress progress = stop.closing(new TerminalProgress());
    StageProtocol protocol =
        StageProtocol.start(
            database, home, Stages.all(), progress, "run", Machines.environment(threads));
    Scheduler scheduler = new Scheduler();
    if (scheduler.embedded()) {
      List<String> runs = request.runs().stream().map(RunRequest::runId).toList();
      stop.closing(() -> database.controls().interrupted(runs));
    }
    stop.closing(scheduler);
    scheduler.serve(
        new StageActivitiesImpl(protocol),
        new RunActivitiesImpl(
            database,
            scheduler.embedded() ? Optional.of(Owner.ofThisProcess("run")) : Optional.empty()));
    ExperimentEnd end = scheduler.run(request);
    System.out.print(
        format.results(database.results().results(Optional.of(request.experimentId()))));
    for (RunEnd failure : end.failures()) {
      System.err.printf(
          "pawl: run %s %s: %s: %s%n",
          failure.runId(), failure.outcome(), failure.cause(), failure.message());
    }
    return end.failures().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }
}
