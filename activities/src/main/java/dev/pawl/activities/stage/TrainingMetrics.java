package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.StageContext;
import dev.pawl.db.MetricPoint;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.model.architecture.Costs;
import dev.pawl.model.training.StepResult;
import java.util.ArrayList;
import java.util.List;

/**
 * The metrics of one attempt at a training, written to the record in batches: before every save,
 * and in between as soon as many have come together or some time has passed.
 *
 * <p>The record may know steps that no checkpoint holds. An attempt that goes on before them
 * computes them again, and the record then compares.
 */
final class TrainingMetrics {
  private static final int MANY = 2000;
  private static final long OFTEN_NANOS = 5_000_000_000L;

  private final StageContext context;
  private final double flopsPerToken;
  private final double peakFlops;
  private final List<MetricPoint> unwritten = new ArrayList<>();
  private long written = System.nanoTime();
  private boolean peakSaid;

  TrainingMetrics(StageContext context, PretrainStageConfig config) {
    this.context = context;
    this.peakFlops = config.training().peakFlops();
    this.flopsPerToken = Costs.of(config.model(), config.training().maxLength()).trainingFlops();
  }

  /** Adds what a step gave, and how fast it was. */
  void step(StepResult result, double tokensPerSecond) {
    unwritten.addAll(StepMetrics.of(result));
    add(result.step(), StepMetrics.TOKENS_PER_SECOND, tokensPerSecond);
    if (peakFlops > 0) {
      add(result.step(), StepMetrics.MFU, flopsPerToken * tokensPerSecond / peakFlops);
      if (!peakSaid) {
        add(result.step(), StepMetrics.PEAK_FLOPS, peakFlops);
        peakSaid = true;
      }
    }
    ProcessMemory.now()
        .ifPresent(
            memory -> {
              add(result.step(), StepMetrics.RESIDENT_BYTES, (double) memory.residentBytes());
              add(result.step(), StepMetrics.PEAK_RESIDENT_BYTES, (double) memory.peakBytes());
            });
    if (unwritten.size() >= MANY || System.nanoTime() - written >= OFTEN_NANOS) {
      flush();
    }
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
    written = System.nanoTime();
  }

  /** Forgets what is not yet in the record: its steps are taken back. */
  void discard() {
    unwritten.clear();
  }
}
