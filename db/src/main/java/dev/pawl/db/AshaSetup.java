package dev.pawl.db;

import java.util.List;

/**
 * How the runs of a sweep are stopped early; it never changes once it is stored.
 *
 * @param metric name of the metric that runs are compared by
 * @param smallerIsBetter which values are the better ones
 * @param reductionFactor of so many runs of a rung one goes on
 * @param rungs optimizer step of each rung, rising
 * @param runIds the trials: runs in the order in which they begin
 */
public record AshaSetup(
    String metric,
    boolean smallerIsBetter,
    int reductionFactor,
    List<Long> rungs,
    List<String> runIds) {
  public AshaSetup {
    rungs = List.copyOf(rungs);
    runIds = List.copyOf(runIds);
  }
}
