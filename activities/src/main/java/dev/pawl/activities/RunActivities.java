package dev.pawl.activities;

import io.temporal.activity.ActivityInterface;

/** Records the life of a run; each method may be called again with the same argument. */
@ActivityInterface
public interface RunActivities {
  void runStarted(String runId);

  void runFinished(RunEnd end);
}
