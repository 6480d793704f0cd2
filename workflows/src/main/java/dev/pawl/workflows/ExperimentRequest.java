package dev.pawl.workflows;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks for all runs of an experiment.
 *
 * @param experimentId the experiment
 * @param maxInFlight how many of its runs go on at the same time, at least 1
 * @param runs the runs, started in this order
 * @param setting what the workflow may count on
 */
public record ExperimentRequest(
    String experimentId, int maxInFlight, List<RunRequest> runs, @Nullable Setting setting) {
  public ExperimentRequest {
    Objects.requireNonNull(experimentId, "experimentId");
    if (maxInFlight < 1) {
      throw new IllegalArgumentException(
          "max_in_flight is %d, not 1 or more".formatted(maxInFlight));
    }
    runs = List.copyOf(runs);
    setting = setting == null ? Setting.SINGLE_PROCESS : setting;
  }

  /** Asks a single process. */
  public ExperimentRequest(String experimentId, int maxInFlight, List<RunRequest> runs) {
    this(experimentId, maxInFlight, runs, Setting.SINGLE_PROCESS);
  }

  /** What the workflow may count on. */
  @Override
  public Setting setting() {
    return setting == null ? Setting.SINGLE_PROCESS : setting;
  }

  /** The same request elsewhere. */
  public ExperimentRequest in(Setting other) {
    return new ExperimentRequest(experimentId, maxInFlight, runs, other);
  }
}
