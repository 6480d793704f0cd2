package dev.pawl.model.config;

import java.util.Objects;

/**
 * Learning rate and weight decay over the training (megatron.md 5.4). Warm-up is given once, by
 * {@code training.num_warmup_steps} or one of the three here, and so is the horizon.
 */
public record ScheduleConfig(
    @Setting(
            doc =
                "cosine (steps, as published), megatron-cosine, linear, constant or"
                    + " inverse-square-root (samples, as in Megatron).",
            defaultValue = "cosine")
        LrDecayStyle lrDecayStyle,
    @Setting(doc = "Warm-up, in samples.", defaultValue = "0", min = 0) long warmupSamples,
    @Setting(doc = "Warm-up, in tokens.", defaultValue = "0", min = 0) long warmupTokens,
    @Setting(
            doc = "Warm-up, as a share of the horizon of the schedule.",
            defaultValue = "0",
            min = 0,
            max = 1)
        double warmupFraction,
    @Setting(
            doc = "Horizon of the schedule, in optimizer steps; 0 is that of the training.",
            defaultValue = "0",
            min = 0)
        long lrDecaySteps,
    @Setting(
            doc = "Horizon of the schedule, in samples; 0 is that of the training.",
            defaultValue = "0",
            min = 0)
        long lrDecaySamples,
    @Setting(
            doc = "Horizon of the schedule, in tokens; 0 is that of the training.",
            defaultValue = "0",
            min = 0)
        long lrDecayTokens,
    @Setting(
            doc =
                "How weight decay goes from start_weight_decay to training.weight_decay over the"
                    + " training: constant (it is training.weight_decay throughout), linear or"
                    + " cosine.",
            defaultValue = "constant")
        WeightDecayStyle weightDecayIncrStyle,
    @Setting(
            doc = "Weight decay of the first step, where it is not constant.",
            defaultValue = "0",
            min = 0)
        double startWeightDecay) {

  /** The published schedule. */
  public static final ScheduleConfig DEFAULT =
      new ScheduleConfig(LrDecayStyle.COSINE, 0, 0, 0, 0, 0, 0, WeightDecayStyle.CONSTANT, 0);

  public ScheduleConfig {
    lrDecayStyle = Objects.requireNonNullElse(lrDecayStyle, LrDecayStyle.COSINE);
    weightDecayIncrStyle =
        Objects.requireNonNullElse(weightDecayIncrStyle, WeightDecayStyle.CONSTANT);
    if (weightDecayIncrStyle == WeightDecayStyle.CONSTANT && startWeightDecay != 0) {
      throw new IllegalArgumentException(
          "start_weight_decay %s has no effect with weight_decay_incr_style constant: choose linear or cosine, or leave it out"
              .formatted(startWeightDecay));
    }
  }

  /** Another style. */
  public ScheduleConfig withLrDecayStyle(LrDecayStyle style) {
    return new ScheduleConfig(
        style,
        warmupSamples,
        warmupTokens,
        warmupFraction,
        lrDecaySteps,
        lrDecaySamples,
        lrDecayTokens,
        weightDecayIncrStyle,
        startWeightDecay);
  }
}
