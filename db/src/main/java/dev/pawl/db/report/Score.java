package dev.pawl.db.report;

import java.util.OptionalDouble;

/**
 * A score of the latest checkpoint that was evaluated.
 *
 * @param stderr its standard error; empty for a metric that has none
 * @param n documents
 * @param step of the checkpoint
 * @param version of the task
 */
public record Score(
    String runId,
    String task,
    String metric,
    double value,
    OptionalDouble stderr,
    int n,
    long step,
    String version) {}
