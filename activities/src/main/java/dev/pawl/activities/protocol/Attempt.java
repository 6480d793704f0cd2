package dev.pawl.activities.protocol;

import java.util.Objects;

/**
 * Which attempt at which stage, for those who watch it and for its lines in the log.
 *
 * @param experimentId the experiment on whose behalf it runs
 * @param runId the run on whose behalf it runs; the stage may serve others too
 * @param runName the run's name within its experiment
 * @param kind id of the stage's kind, such as {@code checksum_shards}
 * @param stage label of the stage, such as {@code checksum_shards 3/8}
 * @param key key of the stage
 * @param number 1 for the first attempt at the stage, whoever makes it
 * @param worker name of the worker, unique within its process
 */
public record Attempt(
    String experimentId,
    String runId,
    String runName,
    String kind,
    String stage,
    String key,
    int number,
    String worker) {
  public Attempt {
    Objects.requireNonNull(experimentId, "experimentId");
    Objects.requireNonNull(runId, "runId");
    Objects.requireNonNull(runName, "runName");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(worker, "worker");
  }
}
