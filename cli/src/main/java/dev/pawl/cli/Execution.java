package dev.pawl.cli;

import dev.pawl.activities.RunEnd;
import dev.pawl.cli.observe.Observability;
import dev.pawl.db.Database;
import dev.pawl.db.RunStatus;
import dev.pawl.db.SweepRunRow;
import dev.pawl.model.torch.Torch;
import dev.pawl.workflows.ExperimentEnd;
import dev.pawl.workflows.ExperimentRequest;
import dev.pawl.workflows.RunNumbers;
import dev.pawl.workflows.RunRequest;
import dev.pawl.workflows.SweepEnd;
import dev.pawl.workflows.SweepRequest;
import dev.pawl.workflows.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Runs that are in the record already, served and waited for in this process. */
final class Execution implements Runner {
  private final Database database;
  private final Path home;
  private final int threads;
  private final OrderlyStop stop;
  private final Observability observability;
  private final List<String> served = new CopyOnWriteArrayList<>();
  private @Nullable Scheduler scheduler;

  Execution(
      Database database, Path home, int threads, OrderlyStop stop, Observability observability) {
    this.database = database;
    this.home = home;
    this.threads = threads;
    this.stop = stop;
    this.observability = observability;
  }

  /** Brings the runs to their ends, prints their experiment's results and returns the exit code. */
  @Override
  public int run(ExperimentRequest request, Format format) throws IOException {
    List<String> runs = request.runs().stream().map(RunRequest::runId).toList();
    // Whoever starts a run wants it to run, whatever was wished of it before.
    database.controls().clear(runs);
    ExperimentEnd end = serving(runs).run(name(request.experimentId()), request);
    results(request.experimentId(), format);
    say(end.failures());
    return end.failures().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  /** The same with the runs of a sweep. */
  @Override
  public int run(SweepRequest request, Format format) throws IOException {
    Set<Integer> ordinals = new HashSet<>(RunNumbers.parse(request.runs()).numbers());
    List<String> runs =
        database.sweeps().runs(request.experimentId()).stream()
            .filter(run -> ordinals.contains(run.ordinal()))
            .map(SweepRunRow::id)
            .toList();
    boolean stopsEarly = database.asha().find(request.experimentId()).isPresent();
    SweepEnd end = serving(runs).run(name(request.experimentId()), request, stopsEarly);
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

  private String name(String experimentId) {
    return database.experiments().nameOfExperiment(experimentId).orElse(experimentId);
  }

  // One for all experiments of a command: a device is taken once.
  private Scheduler serving(List<String> runs) throws IOException {
    served.addAll(runs);
    Scheduler known = scheduler;
    if (known == null) {
      if (!TemporalConnection.isConfigured()) {
        stop.closing(() -> database.controls().interrupted(List.copyOf(served)));
      }
      known =
          new WorkerService(database, home, threads, stop, observability)
              .start("run", Set.of(Work.values()), Torch.deviceName())
              .scheduler();
      scheduler = known;
    }
    return known;
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
