package dev.pawl.db;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
