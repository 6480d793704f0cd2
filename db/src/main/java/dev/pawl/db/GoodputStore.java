package dev.pawl.db;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * What attempts did with their time, and what that makes of a run's. What an attempt says once
 * waits for a database that is away; what comes with every beat does not. Thread-safe.
 */
public final class GoodputStore {
  private final Jdbi jdbi;

  GoodputStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Says for which run an attempt is made; its time counts for no other. */
  public void began(Claim claim, String runId) {
    Outage.outlast(
        () -> {
          jdbi.useTransaction(
              handle -> {
                Fence.check(handle, claim);
                handle
                    .createUpdate(
                        """
                  UPDATE attempt SET run_id = (SELECT id FROM run WHERE id = :run)
                   WHERE stage_key = :key AND attempt = :attempt""")
                    .bind("run", runId)
                    .bind("key", claim.key())
                    .bind("attempt", claim.attempt())
                    .execute();
              });
          return claim;
        });
  }

  /** Stores segments of the attempt; one with the ordinal of an earlier one replaces it. */
  public void write(Claim claim, List<TimeSegment> segments) {
    if (segments.isEmpty()) {
      return;
    }
    jdbi.useTransaction(
        handle -> {
          Fence.check(handle, claim);
          PreparedBatch batch =
              handle.prepareBatch(
                  """
                  INSERT INTO attempt_segment (stage_key, attempt, ordinal, kind, began_s, ended_s,
                                               step)
                  VALUES (:key, :attempt, :ordinal, :kind, :began, :ended, :step)
                  ON CONFLICT (stage_key, attempt, ordinal) DO UPDATE
                     SET kind = excluded.kind, began_s = excluded.began_s,
                         ended_s = excluded.ended_s, step = excluded.step""");
          for (TimeSegment segment : segments) {
            batch
                .bind("key", claim.key())
                .bind("attempt", claim.attempt())
                .bind("ordinal", segment.ordinal())
                .bind("kind", segment.kind().name())
                .bind("began", segment.beganSeconds())
                .bind("ended", segment.endedSeconds())
                .bind("step", segment.step().isPresent() ? segment.step().getAsLong() : null)
                .add();
          }
          batch.execute();
        });
  }

  /**
   * A training goes on after a step: what earlier attempts did up to it is kept, whether or not
   * they lived to say so, and what they did after it is lost.
   *
   * @return seconds of work that are lost by this, and were not before
   */
  @CanIgnoreReturnValue
  public double resumed(Claim claim, long step) {
    return Outage.outlast(
        () ->
            jdbi.inTransaction(
                handle -> {
                  Fence.check(handle, claim);
                  double lost =
                      handle
                          .createQuery(
                              """
                            SELECT coalesce(sum(ended_s - began_s), 0) FROM attempt_segment
                             WHERE stage_key = :key AND attempt < :attempt AND step >= :step
                               AND kind IN ('WORK', 'KEPT')""")
                          .bind("key", claim.key())
                          .bind("attempt", claim.attempt())
                          .bind("step", step)
                          .mapTo(Double.class)
                          .one();
                  // Segments are cut at each save, so that one that began before the step ended by
                  // then.
                  handle
                      .createUpdate(
                          """
                  UPDATE attempt_segment
                     SET kind = CASE WHEN step < :step AND kind <> 'LOST' THEN 'KEPT'
                                     ELSE 'LOST' END
                   WHERE stage_key = :key AND attempt < :attempt AND step IS NOT NULL
                     AND kind <> 'SAVING'""")
                      .bind("key", claim.key())
                      .bind("attempt", claim.attempt())
                      .bind("step", step)
                      .execute();
                  return lost;
                }));
  }

  /** What an earlier attempt published before it died is taken: its work is kept. */
  public void adopted(Claim claim, int earlier) {
    Outage.outlast(
        () -> {
          jdbi.useTransaction(
              handle -> {
                Fence.check(handle, claim);
                handle
                    .createUpdate(
                        """
                  UPDATE attempt_segment SET kind = 'KEPT'
                   WHERE stage_key = :key AND attempt = :earlier AND kind = 'WORK'""")
                    .bind("key", claim.key())
                    .bind("earlier", earlier)
                    .execute();
              });
          return claim;
        });
  }

  /** All segments of a stage by attempt and ordinal. */
  public List<TimeSegment> segments(String stageKey, int attempt) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT * FROM attempt_segment
                     WHERE stage_key = :key AND attempt = :attempt ORDER BY ordinal""")
                .bind("key", stageKey)
                .bind("attempt", attempt)
                .map((row, context) -> segment(row))
                .list());
  }

  /** Where a run's time went; empty for a run of a version that did not write it down. */
  public Optional<GoodputRow> of(String runId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM v_goodput WHERE run_id = :run")
                .bind("run", runId)
                .map((row, context) -> goodput(row))
                .findOne());
  }

  /** The artifact of a stage is not believed any more: what was done for it is done again. */
  static void thrownAway(Handle handle, String stageKey) {
    handle
        .createUpdate(
            """
            UPDATE attempt_segment SET kind = 'LOST'
             WHERE stage_key = :key AND kind IN ('WORK', 'KEPT')""")
        .bind("key", stageKey)
        .execute();
  }

  private static TimeSegment segment(ResultSet row) throws SQLException {
    Long step = row.getObject("step", Long.class);
    return new TimeSegment(
        row.getInt("ordinal"),
        TimeSegment.Kind.valueOf(row.getString("kind")),
        row.getDouble("began_s"),
        row.getDouble("ended_s"),
        step == null ? OptionalLong.empty() : OptionalLong.of(step));
  }

  private static GoodputRow goodput(ResultSet row) throws SQLException {
    return new GoodputRow(
        row.getDouble("useful_s"),
        row.getDouble("redone_s"),
        row.getDouble("saving_s"),
        row.getDouble("waiting_s"),
        row.getDouble("failed_s"),
        row.getDouble("wall_s"));
  }
}
