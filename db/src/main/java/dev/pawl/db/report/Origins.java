package dev.pawl.db.report;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * From what, by what and on what the numbers came about, and what failed on the way. Thread-safe.
 */
public final class Origins {
  private final Jdbi jdbi;

  Origins(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The stages of each run in order. */
  public List<StageOrigin> lineage(List<String> runIds) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT run_id, stage_key, stage, version, ordinal, input_keys,
                           artifact_digest, artifact_bytes, code_version, machine, host, seed
                      FROM v_lineage
                     WHERE run_id = ANY(:runs)
                     ORDER BY run_id, ordinal""")
                .bindArray("runs", String.class, runIds)
                .map((row, context) -> origin(row))
                .list());
  }

  /** Attempts that failed, the first one first. */
  public List<FailureRow> failures(List<String> runIds) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT run_id, stage_key, stage, attempt, cause, message, host, started_at,
                           finished_at
                      FROM v_failure
                     WHERE run_id = ANY(:runs)
                     ORDER BY started_at, run_id, stage_key, attempt""")
                .bindArray("runs", String.class, runIds)
                .map(
                    (row, context) ->
                        new FailureRow(
                            row.getString("run_id"),
                            row.getString("stage_key"),
                            row.getString("stage"),
                            row.getInt("attempt"),
                            text(row, "cause").orElse("unknown"),
                            text(row, "message").orElse(""),
                            text(row, "host"),
                            RunSummaries.instant(row, "started_at"),
                            RunSummaries.instant(row, "finished_at")))
                .list());
  }

  /** What the attempts that did the runs' stages ran on, the most frequent first. */
  public List<Surroundings> environments(List<String> runIds) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT e.id, e.description::text AS description,
                           array_agg(DISTINCT rs.run_id) AS runs
                      FROM run_stage rs
                      JOIN attempt a ON a.stage_key = rs.stage_key AND a.outcome = 'DONE'
                      JOIN environment e ON e.id = a.environment_id
                     WHERE rs.run_id = ANY(:runs)
                     GROUP BY e.id, e.description
                     ORDER BY count(DISTINCT rs.run_id) DESC, e.id""")
                .bindArray("runs", String.class, runIds)
                .map(
                    (row, context) ->
                        new Surroundings(
                            row.getString("id"),
                            row.getString("description"),
                            strings(row.getArray("runs"))))
                .list());
  }

  /** Findings and notes about the runs' stages, in the order in which they were made. */
  public List<Remark> remarks(List<String> runIds) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT rs.run_id, s.kind, f.attempt, f.subject, f.message, f.note
                      FROM run_stage rs
                      JOIN finding f ON f.stage_key = rs.stage_key
                      JOIN stage s ON s.key = f.stage_key
                     WHERE rs.run_id = ANY(:runs)
                     ORDER BY f.id, rs.run_id""")
                .bindArray("runs", String.class, runIds)
                .map(
                    (row, context) ->
                        new Remark(
                            row.getString("run_id"),
                            row.getString("kind"),
                            row.getInt("attempt"),
                            row.getString("subject"),
                            row.getString("message"),
                            row.getBoolean("note")))
                .list());
  }

  private static StageOrigin origin(ResultSet row) throws SQLException {
    return new StageOrigin(
        row.getString("run_id"),
        row.getString("stage_key"),
        row.getString("stage"),
        row.getInt("version"),
        row.getInt("ordinal"),
        strings(row.getArray("input_keys")),
        text(row, "artifact_digest"),
        number(row, "artifact_bytes"),
        text(row, "code_version"),
        text(row, "machine"),
        text(row, "host"),
        number(row, "seed"));
  }

  private static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  private static OptionalLong number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private static List<String> strings(@Nullable Array array) throws SQLException {
    return array == null ? List.of() : List.of((String[]) array.getArray());
  }
}
