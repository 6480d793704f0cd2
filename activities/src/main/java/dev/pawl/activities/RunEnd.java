package dev.pawl.activities;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param runId the run
 * @param outcome its last state
 * @param cause name of the failure cause; null when the run is done
 * @param message what, where, why and what to do next; null when the run is done
 */
public record RunEnd(
    String runId, RunOutcome outcome, @Nullable String cause, @Nullable String message) {
  public RunEnd {
    Objects.requireNonNull(runId, "runId");
    Objects.requireNonNull(outcome, "outcome");
  }

  /** A run that rests at a rung of its sweep. */
  public static RunEnd resting(String runId) {
    return new RunEnd(runId, RunOutcome.RESTING, null, null);
  }

  /** A run whose every stage is done. */
  public static RunEnd done(String runId) {
    return new RunEnd(runId, RunOutcome.DONE, null, null);
  }
}
