package dev.pawl.cli.report;

import dev.pawl.db.report.Consumption;
import dev.pawl.db.report.Pace;
import java.util.List;

/**
 * How many tokens a training had read, and how long its steps had taken, after each of them.
 * Between two points that the record has, both grow evenly.
 */
final class Progress {
  private final List<Consumption> consumption;
  private final List<Pace> pace;
  private final double samplesPerStep;
  private final double tokensPerSample;

  /**
   * The progress of a run.
   *
   * @param consumption at its checkpoints, by step; may be empty
   * @param pace by step; may be empty
   * @param samplesPerStep where there is no checkpoint
   */
  Progress(
      List<Consumption> consumption,
      List<Pace> pace,
      double samplesPerStep,
      double tokensPerSample) {
    this.consumption = consumption;
    this.pace = pace;
    this.samplesPerStep = samplesPerStep;
    this.tokensPerSample = tokensPerSample;
  }

  /** Tokens read by the end of a step. */
  double tokens(long step) {
    long beforeStep = 0;
    double before = 0;
    double slope = samplesPerStep;
    for (Consumption next : consumption) {
      if (next.step() > beforeStep) {
        slope = (next.samples() - before) / (next.step() - beforeStep);
        if (next.step() >= step) {
          break;
        }
        beforeStep = next.step();
        before = next.samples();
      }
    }
    return (before + slope * (step - beforeStep)) * tokensPerSample;
  }

  /** Seconds that all steps up to one took, without saving and validation; NaN if not known. */
  double seconds(long step) {
    if (pace.isEmpty()) {
      return Double.NaN;
    }
    long beforeStep = 0;
    double seconds = 0;
    double perStep = 0;
    for (Pace next : pace) {
      double stretch = next.secondsPerToken() * (tokens(next.step()) - tokens(beforeStep));
      perStep = stretch / Math.max(1, next.step() - beforeStep);
      if (next.step() >= step) {
        break;
      }
      seconds += stretch;
      beforeStep = next.step();
    }
    return seconds + perStep * (step - beforeStep);
  }
}
