package dev.pawl.experiments.stage;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.TrainingConfig;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model, from random weights or from those of a vanilla checkpoint. Kind of device and
 * number of threads decide the last bits, so they are here.
 *
 * @param loadFromVanilla where block models start from, if not from random weights
 * @param sampling of token datasets made elsewhere; absent for those made from text here
 */
public record PretrainStageConfig(
    ModelConfig model,
    TrainingConfig training,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UptrainConfig loadFromVanilla,
    long seed,
    String deviceKind,
    int threads,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SamplingConfig sampling)
    implements StageConfig {

  @Override
  public StageConfig withoutPaths() {
    return new PretrainStageConfig(
        model,
        training.withoutSavingAndMeasuring(),
        loadFromVanilla == null ? null : loadFromVanilla.withoutPath(),
        seed,
        deviceKind,
        threads,
        sampling);
  }
}
