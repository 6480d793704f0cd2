package dev.pawl.experiments.preset;

import dev.pawl.experiments.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/**
 * What a preset or a file says, before it is bound.
 *
 * @param name of the preset, or of the run
 * @param place its file
 * @param model what a {@code models:} entry would say
 * @param training what {@code training:} would say; null where nothing is said
 * @param nested whether the keys stand under {@code model} and {@code training} in the file
 */
record ModelSource(
    String name, String place, YamlNode model, @Nullable YamlNode training, boolean nested) {}
