package dev.pawl.db;

import java.util.Collection;
import java.util.List;
import java.util.Set;
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
    return jdbi.withHandle(handle -> read(handle, stageKey, false));
  }

  /** What went wrong in a stage and was put right, in the same form. */
  public List<String> notesOf(String stageKey) {
    return jdbi.withHandle(handle -> read(handle, stageKey, true));
  }

  /** Keeps what went wrong and was put right. */
  public void note(Claim claim, String subject, String message) {
    jdbi.useTransaction(
        handle -> {
          Fence.check(handle, claim);
          insert(handle, claim, subject, message, true);
        });
  }

  private static List<String> read(Handle handle, String stageKey, boolean note) {
    return handle
        .createQuery(
            "SELECT subject || ': ' || message FROM finding WHERE stage_key = :key"
                + " AND note = :note ORDER BY id")
        .bind("key", stageKey)
        .bind("note", note)
        .mapTo(String.class)
        .list();
  }

  /** Adds a finding of the attempt that holds the claim; the same one again adds nothing. */
  public void record(Claim claim, String subject, String message) {
    jdbi.useTransaction(
        handle -> {
          Fence.check(handle, claim);
          if (!read(handle, claim.key(), false).contains(subject + ": " + message)) {
            add(handle, claim, subject, message);
          }
        });
  }

  /** Why a run's results are not bit for bit those that were planned; empty when they are. */
  public List<String> inexact(String runId) {
    return jdbi.withHandle(handle -> inexact(handle, runId));
  }

  /** Those of some stages that were not computed as they were planned, to the last bit. */
  public Set<String> inexactAmong(Collection<String> stageKeys) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT DISTINCT stage_key FROM finding"
                        + " WHERE stage_key = ANY(:keys) AND subject = :subject")
                .bindArray("keys", String.class, List.copyOf(stageKeys))
                .bind("subject", INEXACT)
                .mapTo(String.class)
                .set());
  }

  static List<String> inexact(Handle handle, String runId) {
    return handle
        .createQuery("SELECT message FROM v_inexact WHERE run_id = :run ORDER BY created_at")
        .bind("run", runId)
        .mapTo(String.class)
        .list();
  }

  static void add(Handle handle, Claim claim, String subject, String message) {
    insert(handle, claim, subject, message, false);
  }

  private static void insert(
      Handle handle, Claim claim, String subject, String message, boolean note) {
    handle
        .createUpdate(
            """
            INSERT INTO finding (stage_key, attempt, subject, message, note)
            VALUES (:key, :attempt, :subject, :message, :note)""")
        .bind("key", claim.key())
        .bind("attempt", claim.attempt())
        .bind("subject", subject)
        .bind("message", Secrets.masked(message))
        .bind("note", note)
        .execute();
  }
}
