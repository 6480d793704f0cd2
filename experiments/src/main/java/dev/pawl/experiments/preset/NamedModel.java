package dev.pawl.experiments.preset;

import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.TrainingConfig;
import java.util.List;
import java.util.Optional;

/**
 * A model by name or file, with the recipe it was, or is to be, trained with.
 *
 * @param name of the preset, or of the run that the file describes
 * @param place its file
 * @param training the recipe, if the file gives one
 * @param notes what was left out of account, a line each
 */
public record NamedModel(
    String name,
    String place,
    ModelConfig model,
    Optional<TrainingConfig> training,
    List<String> notes) {}
