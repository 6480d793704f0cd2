package dev.pawl.activities.stage;

import dev.pawl.db.MetricPoint;
import dev.pawl.model.training.StepResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What of an optimizer step goes into the record: every number that its bits determine. */
final class StepMetrics {
  static final String TOKENS_PER_SECOND = "tokens_per_second";

  /** Held-out loss, in nats a predicted token. */
  static final String VALID_LOSS = "valid_loss";

  /** Time for which the save after a step kept training waiting. */
  static final String SAVE_STALL_SECONDS = "save_stall_seconds";

  /** Share of peak_flops that the model's own arithmetic made use of, from 0 to 1. */
  static final String MFU = "mfu";

  /** What {@link #MFU} is a share of, in FLOP/s; once an attempt. */
  static final String PEAK_FLOPS = "peak_flops";

  static final String RESIDENT_BYTES = "resident_bytes";
  static final String PEAK_RESIDENT_BYTES = "peak_resident_bytes";

  /** What depends on the machine: it differs between two trainings of the same bits. */
  static final Set<String> MEASURED =
      Set.of(
          TOKENS_PER_SECOND,
          SAVE_STALL_SECONDS,
          MFU,
          PEAK_FLOPS,
          RESIDENT_BYTES,
          PEAK_RESIDENT_BYTES);

  private StepMetrics() {}

  /** None of a step that made no update: its numbers are no numbers, or of no use. */
  static List<MetricPoint> of(StepResult result) {
    if (result.skipped().isPresent()) {
      return List.of();
    }
    List<MetricPoint> points = new ArrayList<>();
    points.add(new MetricPoint(result.step(), "train_loss", result.loss()));
    points.add(new MetricPoint(result.step(), "learning_rate", result.learningRate()));
    points.add(new MetricPoint(result.step(), "gradient_norm", result.gradientNorm()));
    result.losses().forEach((name, loss) -> points.add(new MetricPoint(result.step(), name, loss)));
    for (int i = 0; i < result.positionLosses().size(); i++) {
      double positionLoss = result.positionLosses().get(i);
      if (!Double.isNaN(positionLoss)) {
        points.add(new MetricPoint(result.step(), "loss_by_position/" + (i + 1), positionLoss));
      }
    }
    return points;
  }
}
