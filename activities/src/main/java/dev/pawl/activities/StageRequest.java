package dev.pawl.activities;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one stage.
 *
 * @param experimentId the experiment on whose behalf the stage runs
 * @param runId the run on whose behalf the stage runs; the stage may serve others too
 * @param stageKey 64 hexadecimal digits; everything that determines the result
 * @param restAfter optimizer step after which a training saves and rests, to be asked for again; 0
 *     is none: it goes on to its end. Decides no bit of the result
 * @param place id of the home in which the run's artifacts lie, and this one must; null where it
 *     may lie anywhere
 */
public record StageRequest(
    String experimentId, String runId, String stageKey, long restAfter, @Nullable String place) {
  public StageRequest {
    Objects.requireNonNull(experimentId, "experimentId");
    Objects.requireNonNull(runId, "runId");
    Objects.requireNonNull(stageKey, "stageKey");
  }

  /** Asks for a stage at any place. */
  public StageRequest(String experimentId, String runId, String stageKey, long restAfter) {
    this(experimentId, runId, stageKey, restAfter, null);
  }

  /** Asks for a stage to its end. */
  public StageRequest(String experimentId, String runId, String stageKey) {
    this(experimentId, runId, stageKey, 0, null);
  }
}
