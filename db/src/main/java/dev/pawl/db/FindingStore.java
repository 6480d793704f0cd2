package dev.pawl.db;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What turned out other than it should be, by stage. Thread-safe. */
public final class FindingStore {
  /** Subject of what says that a stage was not computed as it was planned, to the last bit. */
  public static final String INEXACT = "inexact";

  private final Jdbi jdbi;

  FindingStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** All findings about a stage, {@code subject: message}, the first one first. */
  public List<String> of(String stageKey) {
    return jdbi.withHandle(handle -> of(handle, stageKey));
  }

  private static List<String> of(Handle handle, String stageKey) {
    return handle
        .createQuery(
            "SELECT subject || ': ' || message FROM finding WHERE stage_key = :key ORDER BY id")
        .bind("key", stageKey)
        .mapTo(String.class)
        .list();
  }

  /** Adds a finding of the attempt that holds the claim; the same one again adds nothing. */
  public void record(Claim claim, String subject, String message) {
    jdbi.useTransaction(
        handle -> {
          Fence.check(handle, claim);
          if (!of(handle, claim.key()).contains(subject + ": " + message)) {
            add(handle, claim, subject, message);
          }
        });
  }

  /** Why a run's results are not bit for bit those that were planned; empty when they are. */
  public List<String> inexact(String runId) {
    return jdbi.withHandle(handle -> inexact(handle, runId));
  }

  static List<String> inexact(Handle handle, String runId) {
    return handle
        .createQuery("SELECT message FROM v_inexact WHERE run_id = :run ORDER BY created_at")
        .bind("run", runId)
        .mapTo(String.class)
        .list();
  }

  static void add(Handle handle, Claim claim, String subject, String message) {
    handle
        .createUpdate(
            """
            INSERT INTO finding (stage_key, attempt, subject, message)
            VALUES (:key, :attempt, :subject, :message)""")
        .bind("key", claim.key())
        .bind("attempt", claim.attempt())
        .bind("subject", subject)
        .bind("message", message)
        .execute();
  }
}
