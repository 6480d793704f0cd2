package dev.pawl.workflows;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.pawl.activities.RunEnd;
import dev.pawl.activities.RunOutcome;
import java.util.List;
import java.util.Objects;

/**
 * How an experiment ended.
 *
 * @param experimentId the experiment
 * @param runs the end of each run, in the order of the request
 */
public record ExperimentEnd(String experimentId, List<RunEnd> runs) {
  public ExperimentEnd {
    Objects.requireNonNull(experimentId, "experimentId");
    runs = List.copyOf(runs);
  }

  /** The runs that did not get to their end. */
  @JsonIgnore
  public List<RunEnd> failures() {
    return runs.stream().filter(run -> run.outcome() != RunOutcome.DONE).toList();
  }
}
