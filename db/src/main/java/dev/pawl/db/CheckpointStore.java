package dev.pawl.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Saved checkpoints by stage and step. Writes wait for a database that is away. Thread-safe. */
public final class CheckpointStore {
  private final Jdbi jdbi;

  CheckpointStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Stores a checkpoint that is there; the same step again replaces its place and digest. */
  public void record(Claim claim, CheckpointRow checkpoint) {
    Outage.outlast(
        () -> {
          jdbi.useTransaction(
              handle -> {
                Fence.check(handle, claim);
                handle
                    .createUpdate(
                        """
                  INSERT INTO checkpoint (stage_key, step, consumed_samples, sha256, parent_sha256,
                                          path, bytes)
                  VALUES (:key, :step, :consumed, :sha256, :parent, :path, :bytes)
                  ON CONFLICT (stage_key, step) DO UPDATE
                     SET consumed_samples = :consumed, sha256 = :sha256,
                         parent_sha256 = :parent, path = :path, bytes = :bytes,
                         removed_at = NULL, removed_because = NULL""")
                    .bind("key", claim.key())
                    .bind("step", checkpoint.step())
                    .bind("consumed", checkpoint.consumedSamples())
                    .bind("sha256", checkpoint.sha256())
                    .bind("parent", checkpoint.parentSha256().orElse(null))
                    .bind("path", checkpoint.path())
                    .bind("bytes", checkpoint.bytes())
                    .execute();
              });
          return claim;
        });
  }

  /**
   * Says of checkpoints that they are no longer there, before they are removed: a kill in between
   * leaves one too many, never one too few.
   */
  public void removed(Claim claim, Collection<Long> steps, String because) {
    if (steps.isEmpty()) {
      return;
    }
    Outage.outlast(
        () -> {
          jdbi.useTransaction(
              handle -> {
                Fence.check(handle, claim);
                for (long step : steps) {
                  remove(handle, claim, step, because);
                }
              });
          return claim;
        });
  }

  /**
   * Brings the record in line with what is there, after a process died in between.
   *
   * @param paths of the checkpoints that are there, by step
   * @param because why the others are not, where nothing was said yet
   */
  public void there(Claim claim, Map<Long, String> paths, String because) {
    Outage.outlast(
        () -> {
          jdbi.useTransaction(
              handle -> {
                Fence.check(handle, claim);
                for (CheckpointRow row : of(handle, claim.key())) {
                  String path = paths.get(row.step());
                  if (path == null) {
                    remove(handle, claim, row.step(), because);
                  } else {
                    handle
                        .createUpdate(
                            """
                      UPDATE checkpoint
                         SET path = :path, removed_at = NULL, removed_because = NULL
                       WHERE stage_key = :key AND step = :step""")
                        .bind("path", path)
                        .bind("key", claim.key())
                        .bind("step", row.step())
                        .execute();
                  }
                }
              });
          return claim;
        });
  }

  private static void remove(Handle handle, Claim claim, long step, String because) {
    handle
        .createUpdate(
            """
            UPDATE checkpoint SET removed_at = now(), removed_because = :because
             WHERE stage_key = :key AND step = :step AND removed_at IS NULL""")
        .bind("because", because)
        .bind("key", claim.key())
        .bind("step", step)
        .execute();
  }

  /** All checkpoints of a stage in step order, those among them that are no longer there. */
  public List<CheckpointRow> of(String stageKey) {
    return jdbi.withHandle(handle -> of(handle, stageKey));
  }

  private static List<CheckpointRow> of(Handle handle, String stageKey) {
    return handle
        .createQuery("SELECT * FROM checkpoint WHERE stage_key = :key ORDER BY step")
        .bind("key", stageKey)
        .map((row, context) -> read(row))
        .list();
  }

  private static CheckpointRow read(ResultSet row) throws SQLException {
    return new CheckpointRow(
        row.getLong("step"),
        row.getLong("consumed_samples"),
        row.getString("sha256"),
        Optional.ofNullable(row.getString("parent_sha256")),
        row.getString("path"),
        row.getLong("bytes"),
        Optional.ofNullable(row.getString("removed_because")));
  }
}
