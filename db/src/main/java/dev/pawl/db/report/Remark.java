package dev.pawl.db.report;

/**
 * What turned out other than it should be, or was put right, at a stage of a run.
 *
 * @param note whether it is no reason to doubt the result
 */
public record Remark(
    String runId, String stage, int attempt, String subject, String message, boolean note) {}
