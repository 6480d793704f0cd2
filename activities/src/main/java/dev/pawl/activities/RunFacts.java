package dev.pawl.activities;

import java.util.Objects;

/**
 * What the record calls a run.
 *
 * @param experiment name of its experiment
 * @param run its name
 * @param model architecture of its model
 */
public record RunFacts(String experiment, String run, String model) {
  public RunFacts {
    Objects.requireNonNull(experiment, "experiment");
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(model, "model");
  }
}
