package dev.pawl.db;

/**
 * A trial that was sent to a rung.
 *
 * @param decision number of the decision, from 1
 * @param trial number of the trial, from 0
 * @param rung number of the rung, from 0
 * @param arrived results that were known when it was decided
 * @param reason why this one
 */
public record AshaDecisionRow(int decision, int trial, int rung, int arrived, String reason) {}
