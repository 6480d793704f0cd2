package dev.pawl.experiments.stage;

import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.TrainingConfig;

/** Trains a model. Kind of device and number of threads decide the last bits, so they are here. */
public record PretrainStageConfig(
    ModelConfig model, TrainingConfig training, long seed, String deviceKind, int threads)
    implements StageConfig {}
