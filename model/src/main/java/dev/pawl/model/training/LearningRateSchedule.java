package dev.pawl.model.training;

import dev.pawl.model.config.TrainingConfig;

/**
 * Linear warm-up from zero, then cosine to a share of the peak (block-transformer.md 4), as a pure
 * function of the step.
 */
public final class LearningRateSchedule {
  private final TrainingConfig config;

  public LearningRateSchedule(TrainingConfig config) {
    this.config = config;
  }

  /** The learning rate of the optimizer step after {@code stepsDone} steps. */
  public double after(long stepsDone) {
    // The scheduler's counter is 0 after the first optimizer step; the first step itself runs at
    // Ratio(0) as well, where early DeepSpeed releases ran it at the peak.
    return config.learningRate() * ratio(Math.max(0, stepsDone - 1));
  }

  /** Ratio(s) of block-transformer.md 4. */
  double ratio(long counter) {
    long warmup = config.numWarmupSteps();
    if (counter < warmup) {
      return (double) counter / warmup;
    }
    double minimum = config.minLearningRateRatio();
    double progress = (double) (counter - warmup + 1) / (double) (config.numTrainSteps() - warmup);
    double cosine = (1 + StrictMath.cos(Math.PI * Math.min(1, progress))) / 2;
    return Math.max(0, minimum + (1 - minimum) * cosine);
  }
}
