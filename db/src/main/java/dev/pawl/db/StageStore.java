package dev.pawl.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Stages and the claims on them. Every write names the claim and is refused when the claim is lost;
 * leases run on the database's clock. What ends or begins an attempt waits for a database that is
 * away. Thread-safe.
 */
public final class StageStore {
  private final Jdbi jdbi;

  StageStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  public Optional<StageRow> find(String key) {
    return Outage.outlast(() -> jdbi.withHandle(handle -> StageRows.find(handle, key)));
  }

  /** Where those of some stages stand that are in the record. */
  public Map<String, StageStatus> statuses(Collection<String> keys) {
    Map<String, StageStatus> statuses = new HashMap<>();
    each(
        keys,
        "SELECT key, status FROM stage WHERE key = ANY(:keys)",
        row -> statuses.put(row.getString("key"), StageStatus.valueOf(row.getString("status"))));
    return statuses;
  }

  /** Those of some stages that somebody has tried to do. */
  public Set<String> attempted(Collection<String> keys) {
    Set<String> attempted = new HashSet<>();
    each(
        keys,
        "SELECT key FROM stage WHERE key = ANY(:keys) AND attempt > 0",
        row -> attempted.add(row.getString("key")));
    return attempted;
  }

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private void each(Collection<String> keys, String sql, RowReader reader) {
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(sql)
                .bindArray("keys", String.class, List.copyOf(keys))
                .map(
                    (row, context) -> {
                      reader.read(row);
                      return true;
                    })
                .list());
  }

  /**
   * Claims a stage that is neither done nor held by a live lease of somebody else. A second call by
   * the holder itself starts a new attempt, and the old one is fenced.
   */
  public ClaimResult claim(String key, Owner owner, Duration lease, String environmentId) {
    return Outage.outlast(() -> claimOnce(key, owner, lease, environmentId));
  }

  private ClaimResult claimOnce(String key, Owner owner, Duration lease, String environmentId) {
    return jdbi.inTransaction(
        handle -> {
          Optional<Claim> claim =
              handle
                  .createQuery(
                      """
                      UPDATE stage
                         SET status = 'RUNNING', owner_id = :owner, attempt = attempt + 1,
                             lease_expires_at = now() + make_interval(secs => :lease)
                       WHERE key = :key AND status <> 'DONE'
                         AND (status <> 'RUNNING' OR owner_id = :owner
                              OR lease_expires_at < now())
                      RETURNING attempt, progress""")
                  .bind("key", key)
                  .bind("owner", owner.id())
                  .bind("lease", seconds(lease))
                  .map(
                      (row, context) ->
                          new Claim(
                              key,
                              owner.id(),
                              row.getInt("attempt"),
                              Optional.ofNullable(row.getString("progress"))))
                  .findOne();
          StageRow row =
              StageRows.find(handle, key)
                  .orElseThrow(() -> new IllegalArgumentException("no stage " + key));
          if (claim.isEmpty()) {
            return new ClaimResult(
                row.status() == StageStatus.DONE
                    ? ClaimResult.Outcome.DONE
                    : ClaimResult.Outcome.BUSY,
                Optional.empty(),
                row);
          }
          closeAttempts(
              handle, key, "FAILED", "INFRASTRUCTURE", "the worker stopped without an answer");
          handle
              .createUpdate(
                  """
                  INSERT INTO attempt (stage_key, attempt, owner_id, host, pid, environment_id)
                  VALUES (:key, :attempt, :owner, :host, :pid, :environment)""")
              .bind("key", key)
              .bind("attempt", claim.get().attempt())
              .bind("owner", owner.id())
              .bind("host", owner.host())
              .bind("pid", owner.pid())
              .bind("environment", environmentId)
              .execute();
          return new ClaimResult(ClaimResult.Outcome.CLAIMED, claim, row);
        });
  }

  /**
   * Asks whether a claim still holds, and changes nothing.
   *
   * @throws FencedException when it does not
   */
  public void requireHeld(Claim claim) {
    waiting(claim, handle -> {});
  }

  /** Extends the lease from now. */
  public void renew(Claim claim, Duration lease) {
    fenced(
        claim,
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE stage SET lease_expires_at = now() + make_interval(secs => :lease)
                     WHERE key = :key""")
                .bind("lease", seconds(lease))
                .bind("key", claim.key())
                .execute());
  }

  /** Stores how far the stage is, for the next attempt and for whoever looks. */
  public void progress(Claim claim, String json) {
    fenced(
        claim,
        handle ->
            handle
                .createUpdate("UPDATE stage SET progress = :json::jsonb WHERE key = :key")
                .bind("json", json)
                .bind("key", claim.key())
                .execute());
  }

  /** Marks the stage done with its artifact. */
  public void complete(Claim claim, Completion done) {
    waiting(
        claim,
        handle -> {
          handle
              .createUpdate(
                  """
                  INSERT INTO artifact (stage_key, kind, digest, bytes, path)
                  VALUES (:key, :kind, :digest, :bytes, :path)
                  ON CONFLICT (stage_key) DO UPDATE
                     SET kind = :kind, digest = :digest, bytes = :bytes, path = :path,
                         created_at = now()""")
              .bind("key", claim.key())
              .bind("kind", done.kind())
              .bind("digest", done.digest())
              .bind("bytes", done.bytes())
              .bind("path", done.path())
              .execute();
          handle
              .createUpdate(
                  """
                  UPDATE stage
                     SET status = 'DONE', owner_id = NULL, lease_expires_at = NULL,
                         result = :result::jsonb
                   WHERE key = :key""")
              .bind("result", done.resultJson())
              .bind("key", claim.key())
              .execute();
          closeAttempts(handle, claim.key(), "DONE", null, null);
        });
  }

  /** Ends the attempt with its cause; a later claim may try again. */
  public void fail(Claim claim, String cause, String message) {
    end(claim, "FAILED", "FAILED", cause, message);
  }

  /** Gives the stage back without a failure: cancelled, or handed over. */
  public void release(Claim claim, String message) {
    end(claim, "PENDING", "RELEASED", "CANCELLED", message);
  }

  /** Gives the stage back with what is done of it saved: nobody asked for more of it yet. */
  public void rest(Claim claim, String message) {
    end(claim, "PENDING", "RELEASED", null, message);
  }

  /** Makes a done stage pending again, because its artifact does not verify. */
  public void reopen(String key, String reason) {
    jdbi.useTransaction(
        handle -> {
          int reopened =
              handle
                  .createUpdate(
                      """
                      UPDATE stage
                         SET status = 'PENDING',
                             result = jsonb_build_object('reopened', :reason::text)
                       WHERE key = :key AND status = 'DONE'""")
                  .bind("key", key)
                  .bind("reason", Secrets.masked(reason))
                  .execute();
          if (reopened > 0) {
            GoodputStore.thrownAway(handle, key);
          }
        });
  }

  /**
   * Removes the rows of a stage that was not computed exactly, so that making it again is compared
   * with nothing; those of an exact one stay, and the new ones must equal them.
   */
  public void forgetInexact(String key) {
    jdbi.useTransaction(
        handle -> {
          boolean inexact =
              handle
                  .createQuery(
                      "SELECT EXISTS (SELECT 1 FROM finding WHERE stage_key = :key AND subject ="
                          + " :subject)")
                  .bind("key", key)
                  .bind("subject", FindingStore.INEXACT)
                  .mapTo(boolean.class)
                  .one();
          if (inexact) {
            for (String table : List.of("metric", "checkpoint", "finding")) {
              handle
                  .createUpdate("DELETE FROM " + table + " WHERE stage_key = :key")
                  .bind("key", key)
                  .execute();
            }
          }
        });
  }

  /**
   * Frees what dead owners of a host hold, at once instead of at the end of their leases.
   *
   * @return number of stages freed
   */
  public int reclaimDead(String host, Predicate<Owner> dead) {
    return jdbi.inTransaction(
        handle -> {
          List<String> owners =
              handle
                  .createQuery(
                      "SELECT DISTINCT owner_id FROM stage WHERE status = 'RUNNING' AND owner_id"
                          + " IS NOT NULL")
                  .mapTo(String.class)
                  .list();
          int freed = 0;
          for (String id : owners) {
            Owner owner = Owner.parse(id);
            if (!owner.host().equals(host) || !dead.test(owner)) {
              continue;
            }
            List<String> keys =
                handle
                    .createQuery(
                        """
                        UPDATE stage SET status = 'PENDING', owner_id = NULL,
                               lease_expires_at = NULL
                         WHERE status = 'RUNNING' AND owner_id = :owner
                        RETURNING key""")
                    .bind("owner", id)
                    .mapTo(String.class)
                    .list();
            for (String key : keys) {
              closeAttempts(
                  handle, key, "FAILED", "INFRASTRUCTURE", "its process " + id + " is dead");
            }
            freed += keys.size();
          }
          return freed;
        });
  }

  private void end(
      Claim claim,
      String status,
      String outcome,
      @org.jspecify.annotations.Nullable String cause,
      String message) {
    waiting(
        claim,
        handle -> {
          handle
              .createUpdate(
                  """
                  UPDATE stage SET status = :status, owner_id = NULL, lease_expires_at = NULL
                   WHERE key = :key""")
              .bind("status", status)
              .bind("key", claim.key())
              .execute();
          closeAttempts(handle, claim.key(), outcome, cause, message);
        });
  }

  private static void closeAttempts(
      Handle handle,
      String key,
      String outcome,
      @org.jspecify.annotations.Nullable String cause,
      @org.jspecify.annotations.Nullable String message) {
    handle
        .createUpdate(
            """
            UPDATE attempt
               SET finished_at = now(), outcome = :outcome, cause = :cause, message = :message
             WHERE stage_key = :key AND finished_at IS NULL""")
        .bind("key", key)
        .bind("outcome", outcome)
        .bind("cause", cause)
        .bind("message", message == null ? null : Secrets.masked(message))
        .execute();
  }

  private void waiting(Claim claim, java.util.function.Consumer<Handle> work) {
    Outage.outlast(
        () -> {
          fenced(claim, work);
          return claim;
        });
  }

  private void fenced(Claim claim, java.util.function.Consumer<Handle> work) {
    jdbi.useTransaction(
        handle -> {
          Fence.check(handle, claim);
          work.accept(handle);
        });
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
