package dev.pawl.model.evaluation;

/** A metric with its standard error. */
public record MetricValue(String metric, double value, double stderr) {}
