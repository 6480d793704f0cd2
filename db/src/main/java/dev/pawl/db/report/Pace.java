package dev.pawl.db.report;

/**
 * How long the steps of a stretch of a training took.
 *
 * @param step the last one of the stretch, which begins after the stretch before
 * @param secondsPerToken mean over its steps
 */
public record Pace(String runId, long step, double secondsPerToken) {}
