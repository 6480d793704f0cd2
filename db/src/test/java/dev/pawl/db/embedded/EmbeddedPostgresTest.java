package dev.pawl.db.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.Database;
import dev.pawl.db.DatabaseUnavailableException;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EmbeddedPostgresTest {
  /** A process with the server of a home, in which one row is kept. */
  private static Process owner(Path home) throws IOException {
    Process owner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                KilledOwner.class.getName(),
                home.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertEquals("ready", owner.inputReader().readLine());
    return owner;
  }

  @Test
  void killedOwnerLeavesNoServerAndLosesNoRow() throws Exception {
    Path home = TestDatabase.newHome();
    Process owner = owner(home);
    try (EmbeddedPostgres attached = EmbeddedPostgres.start(home)) {
      assertFalse(attached.owner());
      assertEquals("7", query(attached.settings(), "SELECT x FROM kept"));
    }
    assertTrue(serversOf(home) > 0);
    owner.destroyForcibly().waitFor();
    for (int i = 0; i < 200 && serversOf(home) > 0; i++) {
      Thread.sleep(50);
    }
    assertEquals(0, serversOf(home));
    try (EmbeddedPostgres again = EmbeddedPostgres.start(home)) {
      assertTrue(again.owner());
      assertEquals("7", query(again.settings(), "SELECT x FROM kept"));
      assertEquals("on", query(again.settings(), "SHOW fsync"));
      assertEquals("on", query(again.settings(), "SHOW data_checksums"));
      assertEquals("scram-sha-256", query(again.settings(), "SHOW password_encryption"));
    }
    assertEquals(0, serversOf(home));
  }

  @Test
  void whatIsLeftOfAKilledServerIsWaitedFor() throws Exception {
    Path home = TestDatabase.newHome();
    Process owner = owner(home);
    long postmaster =
        Long.parseLong(Files.readAllLines(home.resolve("data/postmaster.pid")).get(0).strip());
    ProcessHandle server = ProcessHandle.of(postmaster).orElseThrow();
    // A stopped process keeps the shared memory whatever becomes of its server.
    ProcessHandle left = server.children().findFirst().orElseThrow();
    new ProcessBuilder("kill", "-STOP", Long.toString(left.pid())).start().waitFor();
    server.destroyForcibly();
    owner.destroyForcibly().waitFor();
    Thread end =
        new Thread(
            () -> {
              try {
                Thread.sleep(3000);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              left.destroyForcibly();
            });
    end.start();
    try (EmbeddedPostgres again = EmbeddedPostgres.start(home)) {
      assertTrue(again.owner());
      assertEquals("7", query(again.settings(), "SELECT x FROM kept"));
    } finally {
      end.join();
    }
    assertTrue(
        Files.readString(home.resolve("postgres.log")).contains("old server processes"),
        "it had nothing to wait for");
  }

  @Test
  void tornInitialisationIsDoneAgain() throws Exception {
    Path home = TestDatabase.newHome();
    Files.createDirectories(home.resolve("data"));
    Files.writeString(home.resolve("data/PG_VERSION"), "17");
    try (EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
      assertEquals("1", query(server.settings(), "SELECT 1"));
    }
  }

  @Test
  void wrongPasswordIsRefused() {
    Path home = TestDatabase.newHome();
    try (EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
      JdbcSettings wrong =
          new JdbcSettings(server.settings().url(), Optional.of("pawl"), Optional.of("no"));
      assertThrows(SQLException.class, () -> query(wrong, "SELECT 1"));
    }
  }

  @Test
  void unreachableUrlIsRefusedSoonWithoutThePassword() {
    JdbcSettings nowhere =
        new JdbcSettings(
            "jdbc:postgresql://127.0.0.1:1/x?password=secret", Optional.of("u"), Optional.empty());
    long start = System.nanoTime();
    DatabaseUnavailableException refused =
        assertThrows(DatabaseUnavailableException.class, () -> Database.open(nowhere));
    assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(30));
    assertTrue(refused.getMessage().contains("PAWL_JDBC_URL"), refused.getMessage());
    assertTrue(refused.getMessage().contains("127.0.0.1:1"), refused.getMessage());
    assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
  }

  @Test
  void aKilledServerIsStartedAgainOnItsPort() throws Exception {
    Path home = TestDatabase.newHome();
    try (dev.pawl.db.Database database = dev.pawl.db.Database.openEmbedded(home)) {
      JdbcSettings settings = database.embedded().orElseThrow().settings();
      execute(settings, "CREATE TABLE kept AS SELECT 42 AS answer");
      String pid = Files.readAllLines(home.resolve("data/postmaster.pid")).get(0).strip();
      new ProcessBuilder("kill", "-KILL", pid).start().waitFor();

      // Work of stages waits until it is back.
      assertTrue(database.stages().find("none").isEmpty());

      // It may have been answered by a session that outlived its server for a moment.
      for (int i = 0; i < 600 && !Server.answers(settings); i++) {
        Thread.sleep(50);
      }
      assertEquals("42", query(settings, "SELECT answer FROM kept"));
      assertFalse(
          pid.equals(Files.readAllLines(home.resolve("data/postmaster.pid")).get(0).strip()));
    }
    assertEquals(0, serversOf(home));
  }

  private static void execute(JdbcSettings settings, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                settings.url(), settings.user().orElseThrow(), settings.password().orElseThrow());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(JdbcSettings settings, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                settings.url(), settings.user().orElseThrow(), settings.password().orElseThrow());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static long serversOf(Path home) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(home.toString()))
        .filter(process -> process.info().command().orElse("").endsWith("/bin/postgres"))
        .count();
  }
}
