package dev.pawl.db;

import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Saved checkpoints by stage and step. Writes wait for a database that is away. Thread-safe. */
public final class CheckpointStore {
  private final Jdbi jdbi;

  CheckpointStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Stores a checkpoint; the same step again replaces its place and digest. */
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
                         parent_sha256 = :parent, path = :path, bytes = :bytes""")
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

  /** All checkpoints of a stage in step order. */
  public List<CheckpointRow> of(String stageKey) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM checkpoint WHERE stage_key = :key ORDER BY step")
                .bind("key", stageKey)
                .map((row, context) -> ResultStore.checkpoint(row))
                .list());
  }
}
