package dev.pawl.activities;

import java.util.List;
import java.util.Objects;

/**
 * Some runs of an experiment.
 *
 * @param experimentId the experiment
 * @param ordinals numbers of its runs, from 0
 */
public record RunPage(String experimentId, List<Integer> ordinals) {
  public RunPage {
    Objects.requireNonNull(experimentId, "experimentId");
    ordinals = List.copyOf(ordinals);
  }
}
