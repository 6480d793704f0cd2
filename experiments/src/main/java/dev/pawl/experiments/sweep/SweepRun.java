package dev.pawl.experiments.sweep;

import dev.pawl.experiments.LoadedExperiment;
import java.util.Map;

/**
 * One run of a sweep.
 *
 * @param name its model and its point in words, the same whatever other runs there are
 * @param point the values of the swept keys, as JSON would have them, in the order of the axes
 * @param loaded the experiment of this run alone
 */
public record SweepRun(String name, Map<String, Object> point, LoadedExperiment loaded) {}
