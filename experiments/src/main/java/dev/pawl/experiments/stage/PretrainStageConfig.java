package dev.pawl.experiments.stage;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.TrainingConfig;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model. Kind of device and number of threads decide the last bits, so they are here.
 *
 * @param sampling of token datasets made elsewhere; absent for those made from text here
 */
public record PretrainStageConfig(
    ModelConfig model,
    TrainingConfig training,
    long seed,
    String deviceKind,
    int threads,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SamplingConfig sampling)
    implements StageConfig {}
