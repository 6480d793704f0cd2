package dev.pawl.db.report;

/**
 * What a training had read when a checkpoint was saved.
 *
 * @param step optimizer steps behind
 * @param samples read until then
 */
public record Consumption(String runId, long step, long samples) {}
