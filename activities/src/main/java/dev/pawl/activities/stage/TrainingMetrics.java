package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.StageContext;
import dev.pawl.db.MetricPoint;
import dev.pawl.model.training.StepResult;
import java.util.ArrayList;
import java.util.List;

/** The metrics of one attempt at a training, written to the record in batches. */
final class TrainingMetrics {
  private final StageContext context;
  private final List<MetricPoint> unwritten = new ArrayList<>();

  TrainingMetrics(StageContext context) {
    this.context = context;
  }

  /** Adds what a step gave, and how fast it was. */
  void step(StepResult result, double tokensPerSecond) {
    unwritten.addAll(StepMetrics.of(result));
    unwritten.add(new MetricPoint(result.step(), StepMetrics.TOKENS_PER_SECOND, tokensPerSecond));
  }

  /** Adds one value. */
  void add(long step, String name, double value) {
    unwritten.add(new MetricPoint(step, name, value));
  }

  /**
   * Writes what is not yet in the record. Before every save, so that a checkpoint never runs ahead
   * of the metrics of its steps.
   */
  void flush() {
    context.database().metrics().append(context.claim(), unwritten, StepMetrics.MEASURED);
    unwritten.clear();
  }
}
