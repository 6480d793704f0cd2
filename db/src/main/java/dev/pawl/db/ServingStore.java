package dev.pawl.db;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Who is at which run. Thread-safe. */
public final class ServingStore {
  private final Jdbi jdbi;

  ServingStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Says which process alone serves a run; empty when any worker may. */
  public void served(String runId, Optional<Owner> process) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate("UPDATE run SET owner_id = :owner WHERE id = :id")
                .bind("id", runId)
                .bind("owner", process.map(Owner::id).orElse(null))
                .execute());
  }

  /** Who is at a run now, as far as the record knows. */
  public Serving of(String runId) {
    return jdbi.withHandle(
        handle -> {
          Optional<String> process =
              handle
                  .createQuery("SELECT owner_id FROM run WHERE id = :id AND owner_id IS NOT NULL")
                  .bind("id", runId)
                  .mapTo(String.class)
                  .findOne();
          List<Serving.Holder> holders =
              handle
                  .createQuery(
                      """
                      SELECT s.owner_id, s.lease_expires_at >= now() AS leased
                        FROM attempt a
                        JOIN stage s ON s.key = a.stage_key AND s.attempt = a.attempt
                       WHERE a.run_id = :id AND s.status = 'RUNNING'""")
                  .bind("id", runId)
                  .map(
                      (row, context) ->
                          new Serving.Holder(row.getString("owner_id"), row.getBoolean("leased")))
                  .list();
          return new Serving(process, holders);
        });
  }
}
