package dev.pawl.db.report;

/**
 * How long a training's steps took, up to a step.
 *
 * @param step optimizer steps behind
 * @param secondsPerToken the sum over all steps until then of the seconds that one token took:
 *     times the tokens of a step, it is the seconds of training
 */
public record Pace(String runId, long step, double secondsPerToken) {}
