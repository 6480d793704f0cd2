package dev.pawl.workflows;

import dev.pawl.activities.SweepRunPlan;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One stage of a run.
 *
 * @param kind id of the stage's kind, such as {@code tokenize}
 * @param key key of the stage
 * @param inputs keys of the stages whose artifacts it reads, in alphabetical order
 * @param machine kind of device and number of threads that it was planned for, such as {@code
 *     cpu-2}; null where any worker may do it
 */
public record StageStep(String kind, String key, List<String> inputs, @Nullable String machine) {
  public StageStep {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(key, "key");
    inputs = List.copyOf(inputs);
  }

  /** A step for any worker. */
  public StageStep(String kind, String key, List<String> inputs) {
    this(kind, key, inputs, null);
  }

  /** A step for any worker, whose inputs are given in any order, and perhaps under two names. */
  public static StageStep of(String kind, String key, Collection<String> inputs) {
    return new StageStep(kind, key, inputs.stream().distinct().sorted().toList());
  }

  /** A step as a sweep's plan names it. */
  static StageStep of(SweepRunPlan.StagePlan stage) {
    return new StageStep(stage.kind(), stage.key(), stage.inputs(), stage.machine());
  }

  /** The same step for workers of a kind. */
  public StageStep on(@Nullable String wanted) {
    return new StageStep(kind, key, inputs, wanted);
  }
}
