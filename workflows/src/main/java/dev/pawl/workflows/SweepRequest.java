package dev.pawl.workflows;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks for runs of a sweep.
 *
 * @param experimentId the experiment
 * @param maxInFlight how many of its runs go on at the same time, at least 1
 * @param stopAfter failed runs after which nothing more is begun; 0 is never
 * @param priority of its stages, from 1 (first) to 5
 * @param runs numbers of the runs that still wait, in the words of {@link RunNumbers}
 * @param end what came of those before them
 * @param setting what the workflow may count on
 */
public record SweepRequest(
    String experimentId,
    int maxInFlight,
    int stopAfter,
    int priority,
    String runs,
    SweepEnd end,
    @Nullable Setting setting) {
  public SweepRequest {
    Objects.requireNonNull(experimentId, "experimentId");
    if (maxInFlight < 1) {
      throw new IllegalArgumentException(
          "max_in_flight is %d, not 1 or more".formatted(maxInFlight));
    }
    Objects.requireNonNull(runs, "runs");
    Objects.requireNonNull(end, "end");
    setting = setting == null ? Setting.SINGLE_PROCESS : setting;
  }

  /** A request of which nothing has been done, to a single process. */
  public static SweepRequest of(
      String experimentId, int maxInFlight, int stopAfter, int priority, RunNumbers runs) {
    return new SweepRequest(
        experimentId,
        maxInFlight,
        stopAfter,
        priority,
        runs.text(),
        SweepEnd.NONE,
        Setting.SINGLE_PROCESS);
  }

  /** What the workflow may count on. */
  @Override
  public Setting setting() {
    return setting == null ? Setting.SINGLE_PROCESS : setting;
  }

  /** The same request elsewhere. */
  public SweepRequest in(Setting other) {
    return new SweepRequest(experimentId, maxInFlight, stopAfter, priority, runs, end, other);
  }

  /** What is left of it. */
  SweepRequest rest(RunNumbers rest, SweepEnd soFar) {
    return new SweepRequest(
        experimentId, maxInFlight, stopAfter, priority, rest.text(), soFar, setting());
  }
}
