package dev.pawl.activities;

import java.util.Objects;

/**
 * Asks for one stage.
 *
 * @param experimentId the experiment on whose behalf the stage runs
 * @param runId the run on whose behalf the stage runs; the stage may serve others too
 * @param stageKey 64 hexadecimal digits; everything that determines the result
 * @param restAfter optimizer step after which a training saves and rests, to be asked for again; 0
 *     is none: it goes on to its end. Decides no bit of the result
 */
public record StageRequest(String experimentId, String runId, String stageKey, long restAfter) {
  public StageRequest {
    Objects.requireNonNull(experimentId, "experimentId");
    Objects.requireNonNull(runId, "runId");
    Objects.requireNonNull(stageKey, "stageKey");
  }

  /** Asks for a stage to its end. */
  public StageRequest(String experimentId, String runId, String stageKey) {
    this(experimentId, runId, stageKey, 0);
  }
}
