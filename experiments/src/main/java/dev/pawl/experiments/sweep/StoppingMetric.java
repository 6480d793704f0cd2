package dev.pawl.experiments.sweep;

import dev.pawl.experiments.yaml.Binder;
import dev.pawl.model.config.TrainingConfig;

/** What runs of a sweep are compared by: numbers that a training's bits determine. */
public enum StoppingMetric {
  /** Held-out loss, in nats a predicted token. */
  VALID_LOSS("valid_steps"),
  /** Loss of the step's own samples, in nats a predicted token. */
  TRAIN_LOSS("logging_steps");

  private final String interval;

  StoppingMetric(String interval) {
    this.interval = interval;
  }

  /** Its name among the metrics of a training. */
  public String id() {
    return Binder.spelling(this);
  }

  /** The key below {@code training} that says how often it is there. */
  String interval() {
    return interval;
  }

  /** Optimizer steps from one value to the next. */
  long everySteps(TrainingConfig training) {
    return this == VALID_LOSS ? training.validSteps() : training.loggingSteps();
  }
}
