package dev.pawl.activities.stage;

import dev.pawl.model.config.EarlyEndConfig;
import dev.pawl.model.training.StepResult;
import java.util.Optional;

/** Decides whether a training ends before its last step. */
final class EarlyEnd {
  private static final double SECONDS = 60;
  private static final double NANOS = 1e9;

  private final EarlyEndConfig config;
  private double secondsBefore;
  private long start = System.nanoTime();
  private double slowestStep;
  private double slowestSave;

  EarlyEnd(EarlyEndConfig config) {
    this.config = config;
  }

  /** Goes on after so many seconds of training, that another attempt has had. */
  void goOn(double seconds) {
    secondsBefore = seconds;
    start = System.nanoTime();
  }

  /** Whether a clock is looked at. */
  boolean timed() {
    return config.maxTrainMinutes() > 0;
  }

  /** Seconds of training, those of earlier attempts included. */
  double seconds() {
    return secondsBefore + (System.nanoTime() - start) / NANOS;
  }

  /** Takes the time of a save with what belongs to it. */
  void saved(double seconds) {
    slowestSave = Math.max(slowestSave, seconds);
  }

  /** Looks at a step. */
  Optional<EndedBy> after(StepResult result, double stepSeconds) {
    slowestStep = Math.max(slowestStep, stepSeconds);
    if (result.skipped().isEmpty() && result.loss() <= config.trainLoss()) {
      return Optional.of(EndedBy.TRAIN_LOSS);
    }
    // Another step like the slowest, and the save after it, must still have their time.
    boolean late =
        timed() && seconds() + slowestStep + slowestSave >= config.maxTrainMinutes() * SECONDS;
    return late ? Optional.of(EndedBy.MAX_TRAIN_MINUTES) : Optional.empty();
  }

  /** Looks at a held-out loss. */
  Optional<EndedBy> valid(double loss) {
    return loss <= config.validLoss() ? Optional.of(EndedBy.VALID_LOSS) : Optional.empty();
  }
}
