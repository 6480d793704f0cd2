package dev.pawl.activities.stage;

import dev.pawl.db.Database;
import dev.pawl.db.SkippedRangeRow;
import dev.pawl.model.checkpoint.AnomalyReason;
import dev.pawl.model.checkpoint.SkippedRange;
import dev.pawl.model.config.AnomalyAction;
import java.util.List;

/** Ranges of samples between a training and the record. */
public final class SkippedRanges {
  private SkippedRanges() {}

  static SkippedRangeRow row(SkippedRange range) {
    return new SkippedRangeRow(
        range.action().name(),
        range.reason().name(),
        range.step(),
        range.failedStep(),
        range.firstSample(),
        range.samples(),
        range.value());
  }

  private static SkippedRange range(SkippedRangeRow row) {
    return new SkippedRange(
        AnomalyAction.valueOf(row.action()),
        AnomalyReason.valueOf(row.reason()),
        row.step(),
        row.failedStep(),
        row.firstSample(),
        row.samples(),
        row.value());
  }

  /** What a training went back for, in order. */
  public static List<SkippedRange> rewinds(Database database, String stageKey) {
    return database.skippedRanges().of(stageKey).stream()
        .map(SkippedRanges::range)
        .filter(SkippedRange::rewound)
        .toList();
  }
}
