package dev.pawl.db;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What turned out other than it should be, by stage. Thread-safe. */
public final class FindingStore {
  private final Jdbi jdbi;

  FindingStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** All findings about a stage, {@code subject: message}, the first one first. */
  public List<String> of(String stageKey) {
    return read(stageKey, false);
  }

  /** What went wrong in a stage and was put right, in the same form. */
  public List<String> notesOf(String stageKey) {
    return read(stageKey, true);
  }

  /** Keeps what went wrong and was put right. */
  public void note(Claim claim, String subject, String message) {
    jdbi.useTransaction(
        handle -> {
          Fence.check(handle, claim);
          insert(handle, claim, subject, message, true);
        });
  }

  private List<String> read(String stageKey, boolean note) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT subject || ': ' || message FROM finding WHERE stage_key = :key"
                        + " AND note = :note ORDER BY id")
                .bind("key", stageKey)
                .bind("note", note)
                .mapTo(String.class)
                .list());
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
        .bind("message", message)
        .bind("note", note)
        .execute();
  }
}
