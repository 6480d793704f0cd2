package dev.pawl.workflows;

import java.util.Objects;

/**
 * One stage of a run.
 *
 * @param kind id of the stage's kind, such as {@code tokenize}
 * @param key key of the stage
 */
public record StageStep(String kind, String key) {
  public StageStep {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(key, "key");
  }
}
