package dev.pawl.db;

/**
 * Samples that a training passed over.
 *
 * @param action SKIP for those of one step whose update was left out, REWIND for all between the
 *     step gone back to and the end of the step that went wrong
 * @param reason what was wrong: the loss or gradient norm was not finite, or far too large
 * @param step steps done where the range begins
 * @param failedStep the step that went wrong, from 1
 * @param firstSample position of the first one
 * @param value the loss or gradient norm that was wrong
 */
public record SkippedRangeRow(
    String action,
    String reason,
    long step,
    long failedStep,
    long firstSample,
    long samples,
    double value) {}
