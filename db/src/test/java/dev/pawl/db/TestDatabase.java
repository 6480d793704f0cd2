package dev.pawl.db;

import dev.pawl.db.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL for tests: the one of PAWL_TEST_JDBC_URL, or one in a container where a Docker
 * engine answers, or the embedded one. Every call gives a database of its own on it.
 */
public final class TestDatabase {
  private TestDatabase() {}

  private static final class Holder {
    static final JdbcSettings SERVER = server();
  }

  /** Migrations take longer than most tests of the record: they are made once, and copied. */
  private static final class Template {
    static final String NAME = migrated();

    private static String migrated() {
      JdbcSettings settings = emptySettings();
      Database.open(settings).close();
      return name(settings);
    }
  }

  /** A new, migrated database. */
  public static Database fresh() {
    return Database.open(freshSettings());
  }

  /** The address of a new, migrated database. */
  public static JdbcSettings freshSettings() {
    return create(" TEMPLATE " + Template.NAME);
  }

  /** The address of a new database without a schema. */
  public static JdbcSettings emptySettings() {
    return create("");
  }

  /**
   * The address of a new database with all that is in another one, to which nobody is connected.
   */
  public static JdbcSettings copyOf(JdbcSettings original) {
    return create(" TEMPLATE " + name(original));
  }

  private static String name(JdbcSettings settings) {
    return settings.url().replaceFirst(".*/(test_[0-9a-f]+).*", "$1");
  }

  private static JdbcSettings create(String from) {
    JdbcSettings server = Holder.SERVER;
    String name = "test_" + UUID.randomUUID().toString().replace("-", "");
    execute(server, "CREATE DATABASE " + name + from);
    String url = server.url().replaceFirst("/[^/?]+(\\?|$)", "/" + name + "$1");
    return new JdbcSettings(url, server.user(), server.password());
  }

  private static JdbcSettings server() {
    String given = System.getenv("PAWL_TEST_JDBC_URL");
    if (given != null) {
      say("the PostgreSQL of PAWL_TEST_JDBC_URL");
      return new JdbcSettings(given, Optional.empty(), Optional.empty());
    }
    if (Files.exists(Path.of("/var/run/docker.sock"))
        && DockerClientFactory.instance().isDockerAvailable()) {
      say("PostgreSQL in a container");
      PostgreSQLContainer container = new PostgreSQLContainer("postgres:17");
      container.start();
      return new JdbcSettings(
          container.getJdbcUrl(),
          Optional.of(container.getUsername()),
          Optional.of(container.getPassword()));
    }
    say("the embedded PostgreSQL");
    Path home = newFolder();
    EmbeddedPostgres server = EmbeddedPostgres.start(home.resolve("postgres"));
    atEnd(
        () -> {
          server.close();
          remove(home);
        });
    // Its folder goes with the process: nothing has to outlive a power cut, and forcing every file
    // of a
    // hundred databases to disk took half a minute at the end.
    execute(server.settings(), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()");
    return server.settings();
  }

  private static void execute(JdbcSettings server, String... commands) {
    try (Connection connection =
            DriverManager.getConnection(
                server.url(), server.user().orElse(null), server.password().orElse(null));
        Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(String.join("; ", commands) + " on " + server, e);
    }
  }

  /** A new folder that the user postgres can reach, as an embedded server of root needs. */
  public static Path newHome() {
    Path home = newFolder();
    atEnd(() -> remove(home));
    return home.resolve("postgres");
  }

  private static Path newFolder() {
    try {
      Path home = Files.createTempDirectory("pawl-postgres");
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
      return home;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void atEnd(Runnable done) {
    Runtime.getRuntime().addShutdownHook(new Thread(done, "end of test database"));
  }

  private static void remove(Path home) {
    try (Stream<Path> all = Files.walk(home)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException | UncheckedIOException e) {
      say(home + " stays behind: " + e);
    }
  }

  private static void say(String what) {
    System.err.println("tests run on " + what);
  }
}
