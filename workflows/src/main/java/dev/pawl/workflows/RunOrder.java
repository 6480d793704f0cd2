package dev.pawl.workflows;

import java.util.Objects;

/**
 * A run and the experiment that it belongs to.
 *
 * @param experimentId the experiment
 * @param run what to do
 */
public record RunOrder(String experimentId, RunRequest run) {
  public RunOrder {
    Objects.requireNonNull(experimentId, "experimentId");
    Objects.requireNonNull(run, "run");
  }
}
