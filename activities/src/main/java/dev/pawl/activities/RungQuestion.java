package dev.pawl.activities;

import java.util.List;
import java.util.Objects;

/**
 * Asks what to do next in a sweep.
 *
 * @param experimentId the sweep
 * @param taken numbers of the decisions that were handed out to whoever asks and have no result
 *     yet, or never will
 */
public record RungQuestion(String experimentId, List<Integer> taken) {
  public RungQuestion {
    Objects.requireNonNull(experimentId, "experimentId");
    taken = List.copyOf(taken);
  }
}
