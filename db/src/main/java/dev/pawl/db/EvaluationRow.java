package dev.pawl.db;

/** One metric of one task over n documents. */
public record EvaluationRow(String task, String metric, double value, double stderr, int n) {}
