package dev.pawl.experiments.stage;

import dev.pawl.model.config.Sampler;
import java.util.List;

/**
 * How token datasets become samples.
 *
 * @param split shares of training, held-out and test documents; without effect where held-out
 *     datasets are given
 * @param weights of the datasets in a blend; empty where they are read one after the other
 */
public record SamplingConfig(Sampler sampler, String split, List<Double> weights) {}
