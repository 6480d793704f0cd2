package dev.pawl.db;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A run in a list of many.
 *
 * @param going the stage that a worker is at, if there is one
 * @param losses training losses, evenly over the steps so far, the last one last
 * @param matched how many runs the filter chose before its limit
 */
public record ListedRun(
    String id,
    String experiment,
    String name,
    String model,
    long parameters,
    RunStatus status,
    Optional<String> message,
    Instant createdAt,
    int stagesDone,
    int stagesTotal,
    Serving serving,
    Optional<Going> going,
    List<Double> losses,
    long matched) {
  public ListedRun {
    losses = List.copyOf(losses);
  }

  /**
   * A stage that a worker is at, by what the worker said last.
   *
   * @param done of {@code total}; 0 while nothing was said
   * @param total 0 while nothing was said
   * @param unitSeconds what one unit takes at the speed that a training says it has; 0 if unknown
   * @param seconds since its attempt began
   */
  public record Going(
      String kind, double done, double total, double unitSeconds, int attempt, double seconds) {}
}
