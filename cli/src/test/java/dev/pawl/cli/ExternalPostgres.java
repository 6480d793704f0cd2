package dev.pawl.cli;

import dev.pawl.db.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;

/** A PostgreSQL that belongs to a process of its own, until that is killed or its input ends. */
final class ExternalPostgres {
  private ExternalPostgres() {}

  /** Writes address, user and password into a file once it answers. */
  public static void main(String[] arguments) throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(Path.of(arguments[0]))) {
      Path file = Path.of(arguments[1]);
      Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
      Files.writeString(
          temporary,
          String.join(
              "\n",
              server.settings().url(),
              server.settings().user().orElseThrow(),
              server.settings().password().orElseThrow()));
      Files.move(temporary, file);
      while (System.in.read() >= 0) {
        Thread.onSpinWait();
      }
    }
  }
}
