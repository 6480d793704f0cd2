package dev.pawl.model.training;

import dev.pawl.model.config.LrDecayStyle;
import dev.pawl.model.config.ScheduleConfig;
import dev.pawl.model.config.ScheduleHorizon;
import dev.pawl.model.config.TrainingConfig;

/**
 * Learning rate and weight decay of an update, as pure functions of the updates made and the
 * samples trained on before it. Steps that were skipped count in neither.
 *
 * <p>{@code cosine} is the published schedule in steps (block-transformer.md 4); the other styles
 * are Megatron's, in samples (megatron.md 5.4). Both warm up linearly from zero.
 */
public final class LearningRateSchedule {
  private final TrainingConfig config;
  private final ScheduleConfig schedule;
  private final ScheduleHorizon horizon;
  private final long decaySteps;

  public LearningRateSchedule(TrainingConfig config) {
    this.config = config;
    this.schedule = config.schedule();
    this.horizon = config.horizon();
    this.decaySteps =
        schedule.lrDecaySteps() == 0 ? config.numTrainSteps() : schedule.lrDecaySteps();
  }

  /**
   * The learning rate of the next update.
   *
   * @param updates made before it
   * @param samples trained on before it
   */
  public double after(long updates, long samples) {
    if (schedule.lrDecayStyle() == LrDecayStyle.COSINE) {
      // The scheduler's counter is 0 after the first optimizer step; the first step itself runs at
      // Ratio(0) as well, where early DeepSpeed releases ran it at the peak.
      return config.learningRate() * ratio(Math.max(0, updates - 1));
    }
    return inSamples(samples);
  }

  /** Ratio(s) of block-transformer.md 4. */
  double ratio(long counter) {
    long warmup = config.numWarmupSteps();
    if (counter < warmup) {
      return (double) counter / warmup;
    }
    double minimum = config.minLearningRateRatio();
    double progress = (double) (counter - warmup + 1) / (double) (decaySteps - warmup);
    double cosine = (1 + StrictMath.cos(Math.PI * Math.min(1, progress))) / 2;
    return Math.max(0, minimum + (1 - minimum) * cosine);
  }

  private double inSamples(long samples) {
    double peak = config.learningRate();
    double warmup = horizon.warmup();
    if (warmup > 0 && samples <= warmup) {
      return peak * samples / warmup;
    }
    if (schedule.lrDecayStyle() == LrDecayStyle.CONSTANT) {
      return peak;
    }
    double minimum = peak * config.minLearningRateRatio();
    if (samples > horizon.decay()) {
      return minimum;
    }
    double progress = (samples - warmup) / (horizon.decay() - warmup);
    return switch (schedule.lrDecayStyle()) {
      case INVERSE_SQUARE_ROOT ->
          Math.max(
              minimum,
              peak * Math.sqrt(Math.max(warmup, 1)) / Math.sqrt((double) Math.max(samples, 1)));
      case LINEAR -> minimum + (peak - minimum) * (1 - progress);
      case COSINE, MEGATRON_COSINE ->
          minimum + (peak - minimum) * (StrictMath.cos(Math.PI * progress) + 1) / 2;
      case CONSTANT -> peak;
    };
  }

  /**
   * The weight decay of the next update.
   *
   * @param samples trained on before it
   */
  public double weightDecay(long samples) {
    double end = config.weightDecay();
    double start = schedule.startWeightDecay();
    double progress = Math.min(1, (double) samples / horizon.training());
    return switch (schedule.weightDecayIncrStyle()) {
      case CONSTANT -> end;
      case LINEAR -> start + (end - start) * progress;
      case COSINE -> start + (end - start) * (StrictMath.cos(Math.PI * (1 - progress)) + 1) / 2;
    };
  }
}
