package dev.pawl.db;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Samples that trainings passed over, by stage and position. Thread-safe. */
public final class SkippedRangeStore {
  private final Jdbi jdbi;

  SkippedRangeStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** All ranges of a stage by position, which is the order in which they were passed over. */
  public List<SkippedRangeRow> of(String stageKey) {
    return jdbi.withHandle(handle -> of(handle, stageKey));
  }

  private static List<SkippedRangeRow> of(Handle handle, String stageKey) {
    return handle
        .createQuery("SELECT * FROM skipped_range WHERE stage_key = :key ORDER BY first_sample")
        .bind("key", stageKey)
        .map(
            (row, context) ->
                new SkippedRangeRow(
                    row.getString("action"),
                    row.getString("reason"),
                    row.getLong("step"),
                    row.getLong("failed_step"),
                    row.getLong("first_sample"),
                    row.getLong("samples"),
                    row.getDouble("value")))
        .list();
  }

  /**
   * Stores a range that one step's update was left out for. One that is there already stays; where
   * the new one is another, that becomes a finding, as for metrics.
   */
  public void skip(Claim claim, SkippedRangeRow range) {
    jdbi.useTransaction(
        handle -> {
          Fence.check(handle, claim);
          if (insert(handle, claim, range) > 0) {
            return;
          }
          for (SkippedRangeRow before : of(handle, claim.key())) {
            if (before.firstSample() == range.firstSample() && !before.equals(range)) {
              FindingStore.add(
                  handle,
                  claim,
                  "skipped_range",
                  "what was passed over was %s and is %s when computed again"
                      .formatted(before, range));
            }
          }
        });
  }

  /**
   * Stores that a training goes back to a step, and takes back what was recorded of the steps after
   * it: metrics, checkpoints, and ranges that are now part of this one. All or nothing.
   */
  public void rewind(Claim claim, SkippedRangeRow range) {
    jdbi.useTransaction(
        handle -> {
          Fence.check(handle, claim);
          for (String taken :
              List.of(
                  "DELETE FROM metric WHERE stage_key = :key AND step > :step",
                  "DELETE FROM checkpoint WHERE stage_key = :key AND step > :step",
                  """
                  DELETE FROM skipped_range
                   WHERE stage_key = :key AND action = 'SKIP' AND step >= :step""")) {
            handle
                .createUpdate(taken)
                .bind("key", claim.key())
                .bind("step", range.step())
                .execute();
          }
          insert(handle, claim, range);
        });
  }

  private static int insert(Handle handle, Claim claim, SkippedRangeRow range) {
    return handle
        .createUpdate(
            """
            INSERT INTO skipped_range (stage_key, first_sample, samples, action, reason, step,
                                       failed_step, value, attempt)
            VALUES (:key, :first, :samples, :action, :reason, :step, :failed, :value, :attempt)
            ON CONFLICT DO NOTHING""")
        .bind("key", claim.key())
        .bind("first", range.firstSample())
        .bind("samples", range.samples())
        .bind("action", range.action())
        .bind("reason", range.reason())
        .bind("step", range.step())
        .bind("failed", range.failedStep())
        .bind("value", range.value())
        .bind("attempt", claim.attempt())
        .execute();
  }
}
