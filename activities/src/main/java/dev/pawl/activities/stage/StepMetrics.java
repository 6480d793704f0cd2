package dev.pawl.activities.stage;

import dev.pawl.db.MetricPoint;
import dev.pawl.model.training.StepResult;
import java.util.ArrayList;
import java.util.List;

/** What of an optimizer step goes into the record: every number that its bits determine. */
final class StepMetrics {
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
