package dev.pawl.activities;

import dev.pawl.db.Database;
import dev.pawl.db.ExperimentStore;
import dev.pawl.db.Owner;
import dev.pawl.db.RunStatus;
import dev.pawl.db.ServingStore;
import dev.pawl.db.WorkerStore;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the state of runs into the record. Thread-safe. */
public final class RunActivitiesImpl implements RunActivities {
  private final ExperimentStore experiments;
  private final ServingStore serving;
  private final WorkerStore workers;
  private final Optional<Owner> process;

  /**
   * Writes the state of the runs of a database.
   *
   * @param process the process whose end is the end of whoever serves these runs; empty when they
   *     are scheduled elsewhere, for any worker
   */
  public RunActivitiesImpl(Database database, Optional<Owner> process) {
    this.experiments = database.experiments();
    this.serving = database.serving();
    this.workers = database.workers();
    this.process = Objects.requireNonNull(process, "process");
  }

  @Override
  public @Nullable RunFacts runStarted(String runId) {
    serving.served(runId, process);
    experiments.runStatus(runId, RunStatus.RUNNING, null, null);
    return experiments.findRuns(runId).stream()
        .filter(run -> run.id().equals(runId))
        .findFirst()
        .map(run -> new RunFacts(run.experiment(), run.name(), run.model()))
        .orElse(null);
  }

  @Override
  public void runFinished(RunEnd end) {
    experiments.runStatus(end.runId(), status(end.outcome()), end.cause(), end.message());
  }

  @Override
  public boolean placeServed(String place) {
    return workers.placeServed(place);
  }

  private static RunStatus status(RunOutcome outcome) {
    return switch (outcome) {
      case DONE -> RunStatus.DONE;
      case FAILED -> RunStatus.FAILED;
      case STOPPED -> RunStatus.STOPPED;
      case CANCELLED -> RunStatus.CANCELLED;
      case RESTING -> RunStatus.QUEUED;
    };
  }
}
