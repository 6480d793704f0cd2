package dev.pawl.db;

/**
 * A trial that came to a rung.
 *
 * @param arrival number of the result in the order of arrival, from 1
 * @param trial number of the trial, from 0
 * @param rung number of the rung, from 0
 * @param value of the metric there; no number where it has none
 */
public record AshaResultRow(int arrival, int trial, int rung, double value) {}
