package dev.pawl.activities;

import java.util.Objects;

/**
 * Asks for one stage.
 *
 * @param experimentId the experiment on whose behalf the stage runs
 * @param runId the run on whose behalf the stage runs; the stage may serve others too
 * @param stageKey 64 hexadecimal digits; everything that determines the result
 */
public record StageRequest(String experimentId, String runId, String stageKey) {
  public StageRequest {
    Objects.requireNonNull(experimentId, "experimentId");
    Objects.requireNonNull(runId, "runId");
    Objects.requireNonNull(stageKey, "stageKey");
  }
}
