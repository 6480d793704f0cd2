package dev.pawl.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads stages with their artifacts. */
final class StageRows {
  private static final String SELECT =
      """
      SELECT s.*, a.digest, a.bytes, a.path
        FROM stage s LEFT JOIN artifact a ON a.stage_key = s.key
      """;

  private StageRows() {}

  static Optional<StageRow> find(Handle handle, String key) {
    return handle
        .createQuery(SELECT + " WHERE s.key = :key")
        .bind("key", key)
        .map((row, context) -> read(row))
        .findOne();
  }

  static List<StageRow> ofRun(Handle handle, String runId) {
    return handle
        .createQuery(
            SELECT
                + " JOIN run_stage rs ON rs.stage_key = s.key WHERE rs.run_id = :run ORDER BY"
                + " rs.ordinal")
        .bind("run", runId)
        .map((row, context) -> read(row))
        .list();
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp timestamp = row.getTimestamp(column);
    return timestamp == null ? null : timestamp.toInstant();
  }

  private static StageRow read(ResultSet row) throws SQLException {
    return new StageRow(
        row.getString("key"),
        row.getString("kind"),
        row.getInt("version"),
        row.getString("config"),
        Json.strings(row.getString("inputs")),
        StageStatus.valueOf(row.getString("status")),
        Optional.ofNullable(row.getString("owner_id")),
        row.getInt("attempt"),
        Optional.ofNullable(instant(row, "lease_expires_at")),
        Optional.ofNullable(row.getString("progress")),
        Optional.ofNullable(row.getString("digest")),
        Optional.ofNullable(row.getObject("bytes", Long.class)),
        Optional.ofNullable(row.getString("path")),
        Optional.ofNullable(row.getString("result")));
  }
}
