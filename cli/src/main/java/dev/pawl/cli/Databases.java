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
    Optional<String> url = variable("PAWL_JDBC_URL");
    if (url.isPresent()) {
      return Database.open(
          new JdbcSettings(url.get(), variable("PAWL_JDBC_USER"), variable("PAWL_JDBC_PASSWORD")));
    }
    return Database.openEmbedded(home.resolve("postgres"));
  }

  /** The same, if there is one already. */
  static Optional<Database> openExisting(Path home) {
    boolean exists =
        variable("PAWL_JDBC_URL").isPresent()
            || Files.exists(home.resolve("postgres").resolve("initdb.ok"));
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
