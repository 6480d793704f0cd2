package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A migration that a database may have seen never changes: {@code released-migrations.sha256} keeps
 * their digests, as sha256sum writes them. A release adds its own.
 */
class ReleasedMigrationsTest {
  private static final Path DIGESTS =
      Path.of("src/test/resources/dev/pawl/db/released-migrations.sha256");

  @Test
  void noneThatIsReleasedHasChanged() throws IOException, NoSuchAlgorithmException {
    Map<String, String> released = released();
    Map<String, String> there = new TreeMap<>();
    for (String name : released.keySet()) {
      Path file = ReleasedMigrations.FOLDER.resolve(name);
      there.put(name, Files.exists(file) ? digest(file) : "is gone");
    }

    assertTrue(released.size() >= 12, released.keySet().toString());
    assertEquals(released, there, "what is to be otherwise goes into a migration of its own");
  }

  /** Flyway refuses one that comes before those that a database has. */
  @Test
  void newOnesComeAfterThem() throws IOException {
    Set<String> released = new TreeSet<>(released().keySet());
    List<Path> files = List.copyOf(ReleasedMigrations.files().values());
    List<String> names = files.stream().map(file -> file.getFileName().toString()).toList();

    assertEquals(released, new TreeSet<>(names.subList(0, released.size())));
  }

  private static Map<String, String> released() throws IOException {
    Map<String, String> released = new TreeMap<>();
    for (String line : Files.readAllLines(DIGESTS)) {
      String[] words = line.split(" {2}", 2);
      released.put(words[1], words[0]);
    }
    return released;
  }

  private static String digest(Path file) throws IOException, NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
