package dev.pawl.db;

import java.util.Optional;

/**
 * A run at a rung of its sweep.
 *
 * @param experimentId the sweep
 * @param decision number of the decision that sent it there, from 1
 * @param runId the run
 * @param run its name
 * @param rung number of the rung, from 0
 * @param step optimizer step of the rung
 * @param metric what runs are compared by
 * @param value of the metric there; empty until it has come there, and no number where it has none
 * @param promoted whether it was sent on
 * @param reason why it was sent there
 */
public record RungRow(
    String experimentId,
    int decision,
    String runId,
    String run,
    int rung,
    long step,
    String metric,
    Optional<Double> value,
    boolean promoted,
    String reason) {}
