package dev.pawl.workflows;

import java.util.Objects;

/**
 * A run and the experiment that it belongs to.
 *
 * @param experimentId the experiment
 * @param run what to do
 * @param restAfter optimizer step after which its training rests and the run with it, to be asked
 *     for again; 0 is none: the run goes on to its end
 */
public record RunOrder(String experimentId, RunRequest run, long restAfter) {
  public RunOrder {
    Objects.requireNonNull(experimentId, "experimentId");
    Objects.requireNonNull(run, "run");
  }

  /** A run to its end. */
  public RunOrder(String experimentId, RunRequest run) {
    this(experimentId, run, 0);
  }
}
