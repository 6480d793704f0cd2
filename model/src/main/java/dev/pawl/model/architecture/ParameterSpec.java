package dev.pawl.model.architecture;

import java.util.List;

/**
 * One tensor of a model.
 *
 * @param name its name in published checkpoints (block-transformer.md 3)
 * @param aliases further names that checkpoints store the same tensor under
 * @param shape rows first
 * @param initializer how it starts
 * @param trained whether it takes part in the model; one that does not has no gradient, and weight
 *     decay alone moves it
 */
public record ParameterSpec(
    String name, List<String> aliases, List<Long> shape, Initializer initializer, boolean trained) {

  /** Number of elements. */
  public long size() {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }

  /** The shape as an array. */
  public long[] dimensions() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
