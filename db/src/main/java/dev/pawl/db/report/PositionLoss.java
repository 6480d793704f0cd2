package dev.pawl.db.report;

/**
 * Training loss at one position within the blocks, over the last tenth of the steps.
 *
 * @param position in the block; the first is 1
 * @param loss mean, in nats a token
 * @param deviation standard deviation over the steps; 0 for a single one
 * @param steps over which the mean is taken
 */
public record PositionLoss(String runId, int position, double loss, double deviation, int steps) {}
