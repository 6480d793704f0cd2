package dev.pawl.activities.protocol;

import java.util.Map;

/**
 * Where a stage stands.
 *
 * @param unit what is counted: bytes, steps, documents
 * @param done how many are behind
 * @param total how many there are; 0 when unknown
 * @param values current numbers worth showing, such as the loss
 */
public record StageProgress(String unit, long done, long total, Map<String, Double> values) {
  public StageProgress {
    values = Map.copyOf(values);
  }

  /** Progress without numbers to show. */
  public static StageProgress of(String unit, long done, long total) {
    return new StageProgress(unit, done, total, Map.of());
  }
}
