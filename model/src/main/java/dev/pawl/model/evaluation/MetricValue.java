package dev.pawl.model.evaluation;

import org.jspecify.annotations.Nullable;

/** A metric with its standard error; null where there is none, as the harness says N/A. */
public record MetricValue(String metric, double value, @Nullable Double stderr) {}
