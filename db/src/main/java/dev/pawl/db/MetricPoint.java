package dev.pawl.db;

/** One value of a named metric after a step. */
public record MetricPoint(long step, String name, double value) {}
