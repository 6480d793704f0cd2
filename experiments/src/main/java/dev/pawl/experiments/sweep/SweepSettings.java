package dev.pawl.experiments.sweep;

import java.util.Objects;

/**
 * How a sweep goes about its runs; nothing of it decides a result.
 *
 * @param maxInFlight runs that go on at the same time, at least 1
 * @param priority from 1 (first) to 5, among the sweeps that wait for the same workers
 * @param onFailure what a failed run means for the others
 */
public record SweepSettings(int maxInFlight, int priority, OnFailure onFailure) {
  /** What holds where nothing is said. */
  public static final SweepSettings DEFAULT = new SweepSettings(1, 3, OnFailure.COLLECT_ALL);

  public SweepSettings {
    Objects.requireNonNull(onFailure, "onFailure");
    if (maxInFlight < 1) {
      throw new IllegalArgumentException(
          "max_in_flight is %d, not 1 or more".formatted(maxInFlight));
    }
    if (priority < 1 || priority > 5) {
      throw new IllegalArgumentException("priority is %d, not from 1 to 5".formatted(priority));
    }
  }
}
