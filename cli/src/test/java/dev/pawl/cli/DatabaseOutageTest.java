package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL is killed (SIGKILL) in the middle of a training: nothing is lost, nothing is redone.
 */
class DatabaseOutageTest {
  private static final String STALL = "stall:1@pretrain.step=30";

  @TempDir Path folder;
  private final List<PostgresProcess> servers = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(folder.resolve("chaos.yaml"), ChaosTest.YAML);
  }

  @AfterEach
  void end() {
    servers.forEach(PostgresProcess::close);
  }

  @Test
  void trainingOutlivesItsDatabase() throws Exception {
    PawlProcess straight = run("straight", Map.of());
    assertEquals(0, straight.exitCode(), straight.err());

    PawlProcess embedded = run("embedded", Map.of());
    await("stalled by", embedded);
    kill(folder.resolve("embedded/postgres"));
    assertEquals(0, embedded.exitCode(), embedded.err());
    assertTrue(embedded.err().contains("PostgreSQL ended (exit code 137)"), embedded.err());
    same(straight, embedded);
    try (EmbeddedPostgres mended =
        EmbeddedPostgres.start(folder.resolve("embedded").resolve("postgres"))) {
      complete(
          mended.settings().url(),
          mended.settings().user().orElseThrow(),
          mended.settings().password().orElseThrow());
    }

    Path home = folder.resolve("server");
    PostgresProcess server = serve(home, "first");
    JdbcSettings address = server.settings();
    PawlProcess external =
        run(
            "external",
            Map.of(
                "PAWL_JDBC_URL",
                address.url(),
                "PAWL_JDBC_USER",
                address.user().orElseThrow(),
                "PAWL_JDBC_PASSWORD",
                address.password().orElseThrow()));
    await("stalled by", external);
    server.kill();
    await("the database does not answer; waiting for it", external);
    assertEquals(address.url(), serve(home, "second").settings().url());
    assertEquals(0, external.exitCode(), external.err());
    assertTrue(external.err().contains("the database answers again"), external.err());
    same(straight, external);
    complete(address.url(), address.user().orElseThrow(), address.password().orElseThrow());
  }

  /** Every step once, under the one attempt that there was. */
  private static void complete(String url, String user, String password) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, user, password);
        Statement statement = connection.createStatement()) {
      assertEquals(60, count(statement, "metric WHERE name = 'train_loss'"));
      assertEquals(3, count(statement, "metric WHERE name = 'valid_loss'"));
      assertEquals(3, count(statement, "checkpoint"));
      assertEquals(0, count(statement, "finding"));
      assertEquals(
          1,
          count(statement, "attempt a JOIN stage s ON s.key = a.stage_key AND kind = 'pretrain'"));
    }
  }

  private static long count(Statement statement, String from) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + from)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void same(PawlProcess straight, PawlProcess other) throws IOException {
    JsonNode expected = straight.json().path(0);
    JsonNode found = other.json().path(0);
    assertEquals(64, expected.path("checkpoint").path("sha256").asText().length());
    assertEquals(
        expected.path("checkpoint").path("sha256"), found.path("checkpoint").path("sha256"));
    assertEquals(expected.path("tasks"), found.path("tasks"));
  }

  private static void await(String words, PawlProcess run) throws Exception {
    while (!run.err().contains(words)) {
      assertTrue(run.process.isAlive(), run.err());
      Thread.sleep(20);
    }
  }

  private static void kill(Path server) throws Exception {
    Path pid = server.resolve("data").resolve("postmaster.pid");
    String number = Files.readAllLines(pid).get(0).strip();
    new ProcessBuilder("kill", "-KILL", number).start().waitFor();
  }

  private PostgresProcess serve(Path home, String name) throws Exception {
    PostgresProcess server = PostgresProcess.start(folder, home, name);
    servers.add(server);
    return server;
  }

  private PawlProcess run(String home, Map<String, String> environment) throws IOException {
    return PawlProcess.start(
        folder,
        environment,
        "run",
        "chaos.yaml",
        "-o",
        "json",
        "--chaos",
        STALL,
        "--home",
        folder.resolve(home).toString());
  }
}
