package dev.pawl.experiments.stage;

import java.util.List;

/** Scores tasks with the final checkpoint. */
public record EvaluateStageConfig(
    List<TaskConfig> tasks, int batchSize, String deviceKind, int threads) implements StageConfig {

  @Override
  public StageConfig withoutPaths() {
    return new EvaluateStageConfig(
        tasks.stream().map(TaskConfig::withoutPath).toList(), batchSize, deviceKind, threads);
  }
}
