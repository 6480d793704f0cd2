package dev.pawl.experiments.stage;

import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.TrainingConfig;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model, from random weights or from those of a vanilla checkpoint. Kind of device and
 * number of threads decide the last bits, so they are here.
 */
public record PretrainStageConfig(
    ModelConfig model,
    TrainingConfig training,
    @Nullable UptrainConfig loadFromVanilla,
    long seed,
    String deviceKind,
    int threads)
    implements StageConfig {

  @Override
  public StageConfig withoutPaths() {
    return loadFromVanilla == null
        ? this
        : new PretrainStageConfig(
            model, training, loadFromVanilla.withoutPath(), seed, deviceKind, threads);
  }
}
