package dev.pawl.db.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

/** A process that owns an embedded server, commits a row, says so, and waits for its end. */
final class KilledOwner {
  private KilledOwner() {}

  public static void main(String[] arguments) throws Exception {
    EmbeddedPostgres server = EmbeddedPostgres.start(Path.of(arguments[0]));
    try (Connection connection =
            DriverManager.getConnection(
                server.settings().url(),
                server.settings().user().orElseThrow(),
                server.settings().password().orElseThrow());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE kept (x int)");
      statement.execute("INSERT INTO kept VALUES (7)");
    }
    System.out.println("ready");
    Thread.sleep(Long.MAX_VALUE);
  }
}
