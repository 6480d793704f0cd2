package dev.pawl.db;

import org.jdbi.v3.core.Handle;

/** Lets a transaction go on only while its claim holds. */
final class Fence {
  private Fence() {}

  /** Locks the stage's row for the rest of the transaction. */
  static void check(Handle handle, Claim claim) {
    boolean holds =
        handle
            .createQuery(
                """
                SELECT 1 FROM stage
                 WHERE key = :key AND owner_id = :owner AND attempt = :attempt
                   AND status = 'RUNNING'
                   FOR UPDATE""")
            .bind("key", claim.key())
            .bind("owner", claim.ownerId())
            .bind("attempt", claim.attempt())
            .mapTo(Integer.class)
            .findOne()
            .isPresent();
    if (!holds) {
      throw new FencedException(claim);
    }
  }
}
