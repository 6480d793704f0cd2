package dev.pawl.model.architecture;

import java.util.List;

/**
 * One trained tensor.
 *
 * @param name its name in published checkpoints (block-transformer.md 3)
 * @param shape rows first
 * @param initializer how it starts
 */
public record ParameterSpec(String name, List<Long> shape, Initializer initializer) {

  /** Number of elements. */
  public long size() {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }

  /** The shape as an array. */
  public long[] dimensions() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
