package dev.pawl.db;

import org.jspecify.annotations.Nullable;

/**
 * One metric of one task over n documents.
 *
 * @param step of the checkpoint that was evaluated
 * @param version of the task
 * @param stderr standard error; null where the metric has none
 */
public record EvaluationRow(
    long step,
    String task,
    String version,
    String metric,
    double value,
    @Nullable Double stderr,
    int n) {}
