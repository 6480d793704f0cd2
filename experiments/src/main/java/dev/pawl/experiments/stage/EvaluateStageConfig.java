package dev.pawl.experiments.stage;

import java.util.List;

/**
 * Scores tasks with checkpoints.
 *
 * @param checkpoints last, best, all, or steps
 * @param batchSize decides when answers are stored, and no value
 */
public record EvaluateStageConfig(
    List<TaskConfig> tasks, List<String> checkpoints, int batchSize, String deviceKind, int threads)
    implements StageConfig {

  @Override
  public StageConfig withoutPaths() {
    return new EvaluateStageConfig(
        tasks.stream().map(TaskConfig::withoutPath).toList(), checkpoints, 0, deviceKind, threads);
  }
}
