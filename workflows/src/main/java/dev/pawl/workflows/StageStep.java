package dev.pawl.workflows;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * One stage of a run.
 *
 * @param kind id of the stage's kind, such as {@code tokenize}
 * @param key key of the stage
 * @param inputs keys of the stages whose artifacts it reads, in alphabetical order
 */
public record StageStep(String kind, String key, List<String> inputs) {
  public StageStep {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(key, "key");
    inputs = List.copyOf(inputs);
  }

  /** A step whose inputs are given in any order, and perhaps twice under two names. */
  public static StageStep of(String kind, String key, Collection<String> inputs) {
    return new StageStep(kind, key, inputs.stream().distinct().sorted().toList());
  }
}
