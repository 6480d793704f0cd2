package dev.pawl.model.config;

import java.util.Locale;
import java.util.Objects;

/** Steps that are not as they should be: what they are and what is done. */
public record AnomalyConfig(
    @Setting(
            doc =
                "What is done when loss or gradient norm is not finite: stop (the training fails),"
                    + " skip (the update is left out) or rewind (back to the last multiple of"
                    + " rewind_steps, and on with the samples after the step).",
            defaultValue = "stop")
        AnomalyAction onNan,
    @Setting(
            doc = "What is done on a spike: ignore, stop, skip or rewind.",
            defaultValue = "ignore")
        AnomalyAction onSpike,
    @Setting(
            doc =
                "A loss so many standard deviations above its running mean is a spike; 0 looks at"
                    + " no loss.",
            defaultValue = "6",
            min = 0)
        double spikeDeviations,
    @Setting(
            doc = "Steps that the running mean remembers, and that pass before one is judged.",
            defaultValue = "100",
            min = 2)
        int spikeWindow,
    @Setting(
            doc = "A gradient norm (before clipping) above it is a spike; 0 looks at none.",
            defaultValue = "0",
            min = 0)
        double spikeGradientNorm,
    @Setting(
            doc = "Steps whose multiples rewind goes back to; a checkpoint is kept there.",
            defaultValue = "100",
            min = 1)
        int rewindSteps,
    @Setting(
            doc = "Ranges of samples left out before the training fails.",
            defaultValue = "10",
            min = 0)
        int maxSkips) {

  /** What is not finite stops the training; spikes are ignored. */
  public static final AnomalyConfig DEFAULT =
      new AnomalyConfig(AnomalyAction.STOP, AnomalyAction.IGNORE, 6, 100, 0, 100, 10);

  public AnomalyConfig {
    onNan = Objects.requireNonNullElse(onNan, AnomalyAction.STOP);
    onSpike = Objects.requireNonNullElse(onSpike, AnomalyAction.IGNORE);
    if (onNan == AnomalyAction.IGNORE) {
      throw new IllegalArgumentException(
          "on_nan ignore would train on with weights that are no numbers: choose stop, skip or rewind");
    }
    if (onSpike == AnomalyAction.IGNORE && spikeGradientNorm > 0) {
      throw new IllegalArgumentException(
          "spike_gradient_norm %s has no effect with on_spike ignore: choose stop, skip or rewind"
              .formatted(spikeGradientNorm));
    }
    if (onSpike != AnomalyAction.IGNORE && spikeGradientNorm == 0 && spikeDeviations == 0) {
      throw new IllegalArgumentException(
          "on_spike %s finds none: give spike_deviations or spike_gradient_norm"
              .formatted(onSpike.name().toLowerCase(Locale.ROOT)));
    }
    if (spikeWindow < 2 || rewindSteps < 1) {
      throw new IllegalArgumentException(
          "spike_window %d is below 2, or rewind_steps %d below 1"
              .formatted(spikeWindow, rewindSteps));
    }
  }

  /** Whether the training may go back. */
  public boolean mayRewind() {
    return onNan == AnomalyAction.REWIND || onSpike == AnomalyAction.REWIND;
  }

  /** The step to go back to from a step that comes after so many. */
  public long rewindPoint(long steps) {
    return steps - steps % rewindSteps;
  }

  /** Whether the loss is compared with those before it. */
  public boolean watchesLoss() {
    return onSpike != AnomalyAction.IGNORE && spikeDeviations > 0;
  }
}
