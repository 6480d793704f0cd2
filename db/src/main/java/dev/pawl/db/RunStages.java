package dev.pawl.db;

import java.util.List;
import java.util.Optional;

/** A run and its stages in order. */
public record RunStages(String runId, int ordinal, List<StageInputs> stages) {
  /**
   * A stage and the keys of what it reads.
   *
   * @param inputs keys of stages, in alphabetical order
   * @param machine kind of device and number of threads that it was planned for, such as {@code
   *     cpu-2}; empty where any worker may do it
   */
  public record StageInputs(
      String kind, String key, List<String> inputs, Optional<String> machine) {
    /** A stage for any worker. */
    public StageInputs(String kind, String key, List<String> inputs) {
      this(kind, key, inputs, Optional.empty());
    }
  }
}
