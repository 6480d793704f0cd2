package dev.pawl.model.checkpoint;

import dev.pawl.model.config.AnomalyAction;

/**
 * Samples that a training passed over.
 *
 * @param action SKIP for the samples of one step whose update was left out, REWIND for all samples
 *     between the step gone back to and the end of the step that went wrong
 * @param reason what was wrong
 * @param step optimizer steps done where the range begins
 * @param failedStep the step that went wrong, from 1
 * @param firstSample position of the first one
 * @param samples how many
 * @param value the loss or gradient norm that was wrong
 */
public record SkippedRange(
    AnomalyAction action,
    AnomalyReason reason,
    long step,
    long failedStep,
    long firstSample,
    long samples,
    double value) {

  /** Whether the training went back for it. */
  public boolean rewound() {
    return action == AnomalyAction.REWIND;
  }

  /** Position of the first sample after it. */
  public long end() {
    return firstSample + samples;
  }
}
