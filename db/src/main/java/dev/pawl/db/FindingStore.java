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
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT subject || ': ' || message FROM finding WHERE stage_key = :key"
                        + " ORDER BY id")
                .bind("key", stageKey)
                .mapTo(String.class)
                .list());
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
