package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.JdbcSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Opens the database that the environment chooses. */
final class Databases {
  private Databases() {}

  /** The one of PAWL_JDBC_URL, or the embedded one of the home. */
  static Database open(Path home) {
    Optional<JdbcSettings> given = settings();
    if (given.isPresent()) {
      exposure(given.get()).ifPresent(Warnings::once);
      return Database.open(given.get());
    }
    return Database.openEmbedded(home.resolve("postgres"));
  }

  /** Where PAWL_JDBC_URL and those beside it say that the database is; empty without them. */
  static Optional<JdbcSettings> settings() {
    return variable("PAWL_JDBC_URL")
        .map(
            url ->
                new JdbcSettings(url, variable("PAWL_JDBC_USER"), variable("PAWL_JDBC_PASSWORD")));
  }

  /** What is wrong with a connection over a network, where nobody said that it shall be so. */
  static Optional<String> exposure(JdbcSettings settings) {
    return settings.isLoopback() || settings.sslMode().isPresent()
        ? Optional.empty()
        : Optional.of(
            "whether the connection to %s is encrypted, and to whom, is not checked: add sslmode=verify-full and sslrootcert=FILE to PAWL_JDBC_URL, or sslmode=disable where the network is trusted"
                .formatted(settings.shownUrl()));
  }

  /** Whether a home has an embedded database already. */
  static boolean embeddedExists(Path home) {
    return Files.exists(home.resolve("postgres").resolve("initdb.ok"));
  }

  /** What {@link #open} gives, if there is one already. */
  static Optional<Database> openExisting(Path home) {
    boolean exists = settings().isPresent() || embeddedExists(home);
    return exists ? Optional.of(open(home)) : Optional.empty();
  }

  /**
   * The same.
   *
   * @throws NotFoundException when there is none yet
   */
  static Database existing(Path home) {
    return openExisting(home).orElseThrow(() -> new NotFoundException(noRuns(home)));
  }

  /** What is said of a home in which nothing ran. */
  static String noRuns(Path home) {
    return "no runs in %s yet: 'pawl run FILE' makes one; --home or PAWL_HOME names another home"
        .formatted(home);
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }
}
