package dev.pawl.db;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A worker and what it is at.
 *
 * @param id its owner id
 * @param queues what it takes on
 * @param device the device that it alone computes on; empty where it computes on none
 * @param place id of the home whose artifacts it has; empty where all workers reach all artifacts
 * @param stages what it holds now, the one held longest first
 */
public record WorkerRow(
    String id,
    String name,
    String host,
    long pid,
    List<String> queues,
    Optional<String> device,
    int threads,
    Optional<String> place,
    String codeVersion,
    Instant startedAt,
    Instant seenAt,
    WorkerState state,
    List<Stage> stages) {
  public WorkerRow {
    queues = List.copyOf(queues);
    stages = List.copyOf(stages);
  }

  /**
   * A stage that a worker holds.
   *
   * @param run experiment/name of the run that it is done for; empty where the attempt did not say
   * @param seconds since its attempt began, by the database's clock
   */
  public record Stage(String kind, String key, int attempt, Optional<String> run, double seconds) {}
}
