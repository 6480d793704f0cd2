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

  /** What a clock measures: it differs between two trainings of the same bits. */
  static final Set<String> MEASURED = Set.of(TOKENS_PER_SECOND, SAVE_STALL_SECONDS);

  private StepMetrics() {}

  static List<MetricPoint> of(StepResult result) {
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
