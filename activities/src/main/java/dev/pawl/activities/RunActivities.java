package dev.pawl.activities;

import io.temporal.activity.ActivityInterface;
import org.jspecify.annotations.Nullable;

/** Records the life of a run; each method may be called again with the same argument. */
@ActivityInterface
public interface RunActivities {
  /** The run begins, or goes on; what it is called, null where the record does not know it. */
  @Nullable RunFacts runStarted(String runId);

  void runFinished(RunEnd end);

  /** Whether a worker lives that has the artifacts of a home and takes on more. */
  boolean placeServed(String place);
}
