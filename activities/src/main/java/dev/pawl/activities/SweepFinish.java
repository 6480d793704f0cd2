package dev.pawl.activities;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the scheduling of a sweep ended.
 *
 * @param experimentId the experiment
 * @param notBegun numbers of the runs that got no turn
 * @param why they got none; null where all did
 * @param cancelled whether that was an operator's wish
 */
public record SweepFinish(
    String experimentId, List<Integer> notBegun, @Nullable String why, boolean cancelled) {
  public SweepFinish {
    Objects.requireNonNull(experimentId, "experimentId");
    notBegun = List.copyOf(notBegun);
  }
}
