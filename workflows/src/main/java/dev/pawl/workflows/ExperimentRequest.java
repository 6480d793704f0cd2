package dev.pawl.workflows;

import java.util.List;
import java.util.Objects;

/**
 * Asks for all runs of an experiment.
 *
 * @param experimentId the experiment
 * @param maxInFlight how many of its runs go on at the same time, at least 1
 * @param runs the runs, started in this order
 */
public record ExperimentRequest(String experimentId, int maxInFlight, List<RunRequest> runs) {
  public ExperimentRequest {
    Objects.requireNonNull(experimentId, "experimentId");
    if (maxInFlight < 1) {
      throw new IllegalArgumentException(
          "max_in_flight is %d, not 1 or more".formatted(maxInFlight));
    }
    runs = List.copyOf(runs);
  }
}
