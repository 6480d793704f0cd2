package dev.pawl.cli;

import dev.pawl.activities.artifact.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Where the artifacts of this process lie. A home has an id, so that workers that share it, also
 * over a network disk from several hosts, are known to reach the same artifacts.
 */
final class Place {
  private static final int LETTERS = 8;

  private Place() {}

  /** Whether artifacts are in a store that all workers reach (PAWL_STORE), not in homes. */
  static boolean shared() {
    String store = System.getenv("PAWL_STORE");
    return store != null && !store.isBlank();
  }

  /** The id of a home whose artifacts no other home has; empty with a store that all reach. */
  static Optional<String> of(Path home) throws IOException {
    return shared() ? Optional.empty() : Optional.of(id(home));
  }

  /** The id of a home, eight letters; the first call makes it. */
  static String id(Path home) throws IOException {
    Path file = home.resolve("place");
    if (!Files.exists(file)) {
      Files.createDirectories(home);
      String fresh = UUID.randomUUID().toString().substring(0, LETTERS);
      Path temporary = home.resolve("place-" + UUID.randomUUID());
      DurableFiles.write(temporary, (fresh + "\n").getBytes(StandardCharsets.UTF_8));
      try {
        // Unlike a move it does not replace what another process was faster with.
        Files.createLink(file, temporary);
        DurableFiles.flush(home);
      } catch (FileAlreadyExistsException faster) {
        return id(home);
      } finally {
        Files.deleteIfExists(temporary);
      }
    }
    return Files.readString(file).strip();
  }
}
