package dev.pawl.activities.protocol;

import java.util.Objects;

/**
 * What a stage says about its result.
 *
 * @param resultJson a small JSON object, stored with the stage
 */
public record StageResult(String resultJson) {
  public StageResult {
    Objects.requireNonNull(resultJson, "resultJson");
  }
}
