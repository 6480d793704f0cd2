package dev.pawl.activities;

import dev.pawl.db.ExperimentStore;
import dev.pawl.db.RunStatus;
import java.util.Objects;

/** Writes the state of runs into the record. Thread-safe. */
public final class RunActivitiesImpl implements RunActivities {
  private final ExperimentStore experiments;

  public RunActivitiesImpl(ExperimentStore experiments) {
    this.experiments = Objects.requireNonNull(experiments, "experiments");
  }

  @Override
  public void runStarted(String runId) {
    experiments.runStatus(runId, RunStatus.RUNNING, null, null);
  }

  @Override
  public void runFinished(RunEnd end) {
    experiments.runStatus(end.runId(), status(end.outcome()), end.cause(), end.message());
  }

  private static RunStatus status(RunOutcome outcome) {
    return switch (outcome) {
      case DONE -> RunStatus.DONE;
      case FAILED -> RunStatus.FAILED;
      case STOPPED -> RunStatus.STOPPED;
      case CANCELLED -> RunStatus.CANCELLED;
    };
  }
}
