package dev.pawl.activities.asha;

/**
 * A trial that has come to a rung.
 *
 * @param trial number of the trial, from 0
 * @param rung number of the rung, from 0
 * @param value of the metric there; no number where it has none
 */
public record Reached(int trial, int rung, double value) {}
