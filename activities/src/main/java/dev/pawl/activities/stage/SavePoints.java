package dev.pawl.activities.stage;

import dev.pawl.model.checkpoint.KeepPolicy;
import dev.pawl.model.checkpoint.SaveInterval;
import dev.pawl.model.config.TrainingConfig;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The steps after which a training is saved: every {@code save_steps}, or as often as the measured
 * cost of a save allows, and wherever a checkpoint is kept for good. No bit depends on them.
 */
final class SavePoints {
  private static final double SECONDS_PER_HOUR = 3600;

  /** Bytes a second of a copy in memory, until one was measured. */
  private static final double GUESSED_RATE = 1e9;

  private final TrainingConfig training;
  private final KeepPolicy policy;
  private final Supplier<Map<Long, Double>> losses;
  private final SaveInterval interval;
  private long last;

  /**
   * Save points of a training.
   *
   * @param losses validation loss by step, as far as it is known
   * @param bytes of a checkpoint
   */
  SavePoints(
      TrainingConfig training, KeepPolicy policy, Supplier<Map<Long, Double>> losses, long bytes) {
    this.training = training;
    this.policy = policy;
    this.losses = losses;
    this.interval =
        new SaveInterval(
            training.checkpoints().meanTimeBetweenFailures() * SECONDS_PER_HOUR,
            bytes / GUESSED_RATE);
  }

  /** Says where the training begins, or where it was saved otherwise. */
  void at(long step) {
    last = step;
  }

  /** Takes the time of a step. */
  void stepped(double seconds, boolean writing) {
    interval.step(seconds, writing);
  }

  /** Takes the time for which a save kept training waiting. */
  void saved(long step, double seconds) {
    last = step;
    interval.saved(seconds);
  }

  /** Steps between two saves, as of now. */
  long steps() {
    return training.saveSteps() > 0 ? training.saveSteps() : interval.steps();
  }

  /**
   * Whether to save after a step.
   *
   * @param validated whether the step has a validation loss
   */
  boolean due(long step, boolean validated) {
    boolean regular =
        training.saveSteps() > 0
            ? step % training.saveSteps() == 0
            : step - last >= interval.steps();
    return regular || policy.mustSave(step, validated ? losses.get() : Map.of());
  }
}
