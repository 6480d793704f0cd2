package dev.pawl.db;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;

/** Descriptions of what attempts ran on, known by their digest. Thread-safe. */
public final class EnvironmentStore {
  private final Jdbi jdbi;

  EnvironmentStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Stores a description once and returns its id. */
  public String register(String json) {
    String id = digest(json).substring(0, 16);
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO environment (id, description) VALUES (:id, :json::jsonb)
                    ON CONFLICT (id) DO NOTHING""")
                .bind("id", id)
                .bind("json", json)
                .execute());
    return id;
  }

  /** What each attempt at a stage ran on, by the attempt's number: JSON objects. */
  public SortedMap<Integer, String> ofAttempts(String stageKey) {
    SortedMap<Integer, String> found = new TreeMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT a.attempt, e.description
                      FROM attempt a JOIN environment e ON e.id = a.environment_id
                     WHERE a.stage_key = :key""")
                .bind("key", stageKey)
                .map(
                    (row, context) ->
                        found.put(row.getInt("attempt"), row.getString("description")))
                .list());
    return found;
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
