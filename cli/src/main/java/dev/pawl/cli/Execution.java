package dev.pawl.cli;

import dev.pawl.activities.EarlyStoppingActivitiesImpl;
import dev.pawl.activities.RunActivitiesImpl;
import dev.pawl.activities.RunEnd;
import dev.pawl.activities.StageActivitiesImpl;
import dev.pawl.activities.SweepActivitiesImpl;
import dev.pawl.activities.protocol.StageProtocol;
import dev.pawl.activities.stage.Stages;
import dev.pawl.cli.observe.Observability;
import dev.pawl.db.Database;
import dev.pawl.db.Owner;
import dev.pawl.db.RunStatus;
import dev.pawl.db.SweepRunRow;
import dev.pawl.model.torch.Torch;
import dev.pawl.workflows.ExperimentEnd;
import dev.pawl.workflows.ExperimentRequest;
import dev.pawl.workflows.RunNumbers;
import dev.pawl.workflows.RunRequest;
import dev.pawl.workflows.SweepEnd;
import dev.pawl.workflows.SweepRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Runs that are in the record already, served and waited for in this process. */
final class Execution {
  private final Database database;
  private final Path home;
  private final int threads;
  private final OrderlyStop stop;
  private final Observability observability;

  Execution(
      Database database, Path home, int threads, OrderlyStop stop, Observability observability) {
    this.database = database;
    this.home = home;
    this.threads = threads;
    this.stop = stop;
    this.observability = observability;
  }

  /** Brings the runs to their ends, prints their experiment's results and returns the exit code. */
  int run(ExperimentRequest request, Format format) throws IOException {
    List<String> runs = request.runs().stream().map(RunRequest::runId).toList();
    // Whoever starts a run wants it to run, whatever was wished of it before.
    database.controls().clear(runs);
    ExperimentEnd end = serving(runs).run(request);
    results(request.experimentId(), format);
    say(end.failures());
    return end.failures().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  /** The same with the runs of a sweep. */
  int run(SweepRequest request, Format format) throws IOException {
    Set<Integer> ordinals = new HashSet<>(RunNumbers.parse(request.runs()).numbers());
    List<String> runs =
        database.sweeps().runs(request.experimentId()).stream()
            .filter(run -> ordinals.contains(run.ordinal()))
            .map(SweepRunRow::id)
            .toList();
    boolean stopsEarly = database.asha().find(request.experimentId()).isPresent();
    Scheduler scheduler = serving(runs);
    SweepEnd end = stopsEarly ? scheduler.runStoppingEarly(request) : scheduler.run(request);
    results(request.experimentId(), format);
    if (stopsEarly) {
      return endedEarly(request.experimentId(), end);
    }
    int notBegun = runs.size() - end.done() - end.failed() - end.ended();
    System.err.printf(
        "pawl: of %d runs %d are done, %d failed, %d were stopped or cancelled, %d were not begun%n",
        runs.size(), end.done(), end.failed(), end.ended(), notBegun);
    say(end.failures());
    return end.done() == runs.size() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private int endedEarly(String experimentId, SweepEnd end) {
    List<SweepRunRow> runs = database.sweeps().runs(experimentId);
    long done = runs.stream().filter(run -> run.status() == RunStatus.DONE).count();
    long early = runs.stream().filter(run -> run.status() == RunStatus.STOPPED_EARLY).count();
    System.err.printf(
        "pawl: of %d runs %d are done, %d were stopped early, %d are not at their end%n",
        runs.size(), done, early, runs.size() - done - early);
    say(end.failures());
    return done > 0 && done + early == runs.size() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private Scheduler serving(List<String> runs) throws IOException {
    Torch.start(threads);
    TerminalProgress progress = stop.closing(new TerminalProgress());
    StageProtocol protocol =
        StageProtocol.start(
            database,
            home,
            Stages.all(),
            observability.listening(progress),
            "run",
            Machines.environment(threads));
    Scheduler started = new Scheduler(observability);
    if (started.embedded()) {
      stop.closing(() -> database.controls().interrupted(runs));
    }
    stop.closing(started);
    started.serve(
        new StageActivitiesImpl(protocol),
        new RunActivitiesImpl(
            database,
            started.embedded() ? Optional.of(Owner.ofThisProcess("run")) : Optional.empty()),
        new SweepActivitiesImpl(database),
        new EarlyStoppingActivitiesImpl(database));
    return started;
  }

  /** Prints the results of what is done already. */
  int print(String experimentId, Format format) {
    results(experimentId, format);
    return ExitCode.DONE;
  }

  private void results(String experimentId, Format format) {
    System.out.print(format.results(database.results().results(Optional.of(experimentId))));
  }

  private static void say(List<RunEnd> failures) {
    for (RunEnd failure : failures) {
      System.err.printf(
          "pawl: run %s %s: %s: %s%n",
          failure.runId(), failure.outcome(), failure.cause(), failure.message());
    }
  }
}
