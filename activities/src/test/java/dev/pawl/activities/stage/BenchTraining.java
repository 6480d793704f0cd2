package dev.pawl.activities.stage;

import dev.pawl.experiments.CanonicalJson;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.training.Trainer;
import java.util.List;

/** A training on made-up tokens, for what is measured beside it. */
final class BenchTraining {
  static final double NANOS = 1e9;

  private static final String TRAINING =
      """
      {"maxLength": %d, "totalBatchSize": %d, "numTrainSteps": 100000, "numWarmupSteps": 2,
       "learningRate": 1e-4, "minLearningRateRatio": 0.1, "adamBeta1": 0.9, "adamBeta2": 0.95,
       "adamEpsilon": 1e-8, "weightDecay": 0.1, "maxGradNorm": 1.0, "precision": "FP32",
       "activationRecompute": "NONE", "loggingSteps": 1, "validSamples": 2, "saveSteps": 0}""";

  private BenchTraining() {}

  static TrainingConfig config(int length, int batch) {
    return CanonicalJson.read(TRAINING.formatted(length, batch), TrainingConfig.class);
  }

  static Trainer trainer(Architecture architecture, TrainingConfig config, TrainingState state) {
    return new Trainer(
        architecture,
        config,
        (position, ids, mask) -> {
          for (int i = 0; i < ids.length; i++) {
            ids[i] = (int) ((position * 7 + i * 3L) % 500);
            mask[i] = 1;
          }
        },
        state,
        1);
  }

  /** Seconds that some steps take. */
  static double steps(Trainer trainer, int count) {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      trainer.step();
    }
    return (System.nanoTime() - start) / NANOS;
  }

  static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }
}
