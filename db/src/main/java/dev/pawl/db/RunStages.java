package dev.pawl.db;

import java.util.List;

/** A run and its stages in order. */
public record RunStages(String runId, int ordinal, List<StageInputs> stages) {
  /**
   * A stage and the keys of what it reads.
   *
   * @param inputs keys of stages, in alphabetical order
   */
  public record StageInputs(String kind, String key, List<String> inputs) {}
}
