package dev.pawl.activities;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A run that is to be begun.
 *
 * @param runId the run
 * @param stages its stages; each is listed after those whose artifacts it reads
 */
public record SweepRunPlan(String runId, List<StagePlan> stages) {
  public SweepRunPlan {
    Objects.requireNonNull(runId, "runId");
    stages = List.copyOf(stages);
  }

  /**
   * A stage of it.
   *
   * @param kind id of the stage's kind
   * @param key key of the stage
   * @param inputs keys of the stages whose artifacts it reads, in alphabetical order
   * @param machine kind of device and number of threads that it was planned for, such as {@code
   *     cpu-2}; null where any worker may do it
   */
  public record StagePlan(String kind, String key, List<String> inputs, @Nullable String machine) {
    public StagePlan {
      inputs = List.copyOf(inputs);
    }

    /** A stage for any worker. */
    public StagePlan(String kind, String key, List<String> inputs) {
      this(kind, key, inputs, null);
    }
  }
}
