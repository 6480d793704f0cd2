package dev.pawl.model.training;

import dev.pawl.model.checkpoint.AnomalyReason;
import dev.pawl.model.checkpoint.AnomalyState;
import dev.pawl.model.checkpoint.SkippedRange;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.AnomalyAction;
import dev.pawl.model.config.AnomalyConfig;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.Optional;

/**
 * Judges steps before their update is made. The verdict is a function of the training state and of
 * what the step measured, so that a resumed training comes to the same one.
 */
final class AnomalyWatch {
  private final TrainingConfig training;
  private final AnomalyConfig config;
  private final String program;

  AnomalyWatch(TrainingConfig training, String program) {
    this.training = training;
    this.config = training.anomalies();
    this.program = program;
  }

  /** Looks at a loss. */
  Optional<SkippedRange> loss(TrainingState state, int batch, double loss) {
    if (!Double.isFinite(loss)) {
      return wrong(state, batch, config.onNan(), AnomalyReason.LOSS_NOT_FINITE, loss);
    }
    AnomalyState seen = state.anomalies();
    boolean spike =
        config.watchesLoss()
            && seen.losses() >= config.spikeWindow()
            && loss > seen.mean() + config.spikeDeviations() * Math.sqrt(seen.variance());
    return spike
        ? wrong(state, batch, config.onSpike(), AnomalyReason.LOSS_SPIKE, loss)
        : Optional.empty();
  }

  /** Looks at a gradient norm. */
  Optional<SkippedRange> norm(TrainingState state, int batch, double norm) {
    if (!Double.isFinite(norm)) {
      return wrong(state, batch, config.onNan(), AnomalyReason.GRADIENT_NORM_NOT_FINITE, norm);
    }
    double limit = config.spikeGradientNorm();
    return limit > 0 && norm > limit
        ? wrong(state, batch, config.onSpike(), AnomalyReason.GRADIENT_NORM_SPIKE, norm)
        : Optional.empty();
  }

  /** What is expected of the next loss after a good one. */
  AnomalyState good(AnomalyState seen, double loss) {
    return config.watchesLoss() ? seen.observe(loss, config.spikeWindow()) : seen;
  }

  private Optional<SkippedRange> wrong(
      TrainingState state, int batch, AnomalyAction action, AnomalyReason reason, double value) {
    long step = state.step();
    if (action == AnomalyAction.STOP) {
      throw failed(step, reason, value, advice(reason));
    }
    int ranges = state.anomalies().skipped().size();
    if (ranges >= config.maxSkips()) {
      throw failed(
          step,
          reason,
          value,
          "%d ranges of samples were left out before (training.anomalies.max_skips): %s"
              .formatted(ranges, advice(reason)));
    }
    if (action == AnomalyAction.SKIP) {
      return Optional.of(
          new SkippedRange(action, reason, step, step + 1, state.consumedSamples(), batch, value));
    }
    long target = config.rewindPoint(step);
    long first = DataPosition.goingOn(training.batchSizes(), target, state.anomalies().skipped());
    long end = state.consumedSamples() + batch;
    return Optional.of(
        new SkippedRange(action, reason, target, step + 1, first, end - first, value));
  }

  private PawlException failed(long step, AnomalyReason reason, double value, String advice) {
    String what =
        switch (reason) {
          case LOSS_NOT_FINITE, LOSS_SPIKE -> "loss";
          case GRADIENT_NORM_NOT_FINITE, GRADIENT_NORM_SPIKE -> "gradient norm";
        };
    return new PawlException(
        FailureCause.NUMERIC,
        "%s of step %d of the %s model is %s: %s"
            .formatted(what, step + 1, program, value, advice));
  }

  private static String advice(AnomalyReason reason) {
    return switch (reason) {
      case LOSS_NOT_FINITE, GRADIENT_NORM_NOT_FINITE ->
          "lower learning_rate, lengthen num_warmup_steps, or use precision fp32";
      case LOSS_SPIKE, GRADIENT_NORM_SPIKE ->
          "a spike; lower learning_rate, or leave its samples out with training.anomalies.on_spike skip or rewind";
    };
  }
}
