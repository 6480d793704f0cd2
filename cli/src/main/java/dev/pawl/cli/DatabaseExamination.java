package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.DatabaseSight;
import dev.pawl.db.DatabaseUnavailableException;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.WorkerRow;
import dev.pawl.db.WorkerState;
import dev.pawl.db.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The database: who it is, where its schema stands, what this user may do, and its clock. */
final class DatabaseExamination {
  private static final int OLDEST = 140_000;

  /** Times in the record are the server's; more than this and they puzzle whoever reads them. */
  private static final Duration TOLERATED = Duration.ofSeconds(5);

  private final Path home;

  DatabaseExamination(Path home) {
    this.home = home;
  }

  List<Checkup> examine() {
    Optional<JdbcSettings> given = Databases.settings();
    try {
      if (given.isPresent()) {
        return examine(given.get(), true);
      }
      if (!Databases.embeddedExists(home)) {
        return List.of(
            Checkup.ok("database", "the embedded PostgreSQL, which the first run makes"));
      }
      try (EmbeddedPostgres embedded = EmbeddedPostgres.start(home.resolve("postgres"))) {
        return examine(embedded.settings(), false);
      }
    } catch (DatabaseUnavailableException e) {
      String message = String.valueOf(e.getMessage());
      // The last sentence is the remedy.
      int at = message.lastIndexOf(". ");
      return List.of(
          at < 0
              ? Checkup.failed("database", message, "see the message")
              : Checkup.failed("database", message.substring(0, at), message.substring(at + 2)));
    }
  }

  private static List<Checkup> examine(JdbcSettings settings, boolean shared) {
    DatabaseSight sight = DatabaseSight.of(settings);
    List<Checkup> found = new ArrayList<>();
    found.add(server(settings, sight));
    found.add(schema(sight));
    if (shared) {
      found.add(connection(settings, sight));
      found.add(user(sight));
      roles(sight).ifPresent(found::add);
    }
    found.add(clock(sight));
    if (shared && sight.current() && sight.schema().readable()) {
      found.add(workers(settings));
    }
    return found;
  }

  // The schema is this program's: opening it changes nothing.
  private static Checkup workers(JdbcSettings settings) {
    try (Database database = Database.open(settings)) {
      return workers(database.workers().list(false));
    }
  }

  /** Workers that are there, and whether they are of this code. */
  static Checkup workers(List<WorkerRow> all) {
    List<WorkerRow> alive =
        all.stream().filter(worker -> worker.state() != WorkerState.GONE).toList();
    int gone = all.size() - alive.size();
    String finding =
        "%d at work%s"
            .formatted(alive.size(), gone == 0 ? "" : ", %d not heard of".formatted(gone));
    String here = Machines.codeVersion();
    List<String> others =
        alive.stream()
            .filter(worker -> !worker.codeVersion().equals(here))
            .map(worker -> "%s (%s)".formatted(worker.name(), worker.codeVersion()))
            .sorted()
            .toList();
    if (!others.isEmpty()) {
      return Checkup.warning(
          "workers",
          "%s; of other code than %s here: %s".formatted(finding, here, String.join(", ", others)),
          "end them in good order (SIGTERM) and start them with the same code");
    }
    return gone == 0
        ? Checkup.ok("workers", finding)
        : Checkup.warning("workers", finding, "'pawl workers' names them; start them again");
  }

  private static Checkup server(JdbcSettings settings, DatabaseSight sight) {
    String finding =
        "PostgreSQL %s at %s as %s"
            .formatted(sight.serverVersion(), settings.shownUrl(), sight.schema().user());
    return sight.serverVersionNumber() < OLDEST
        ? Checkup.failed("database", finding, "use PostgreSQL 14 or later")
        : Checkup.ok("database", finding);
  }

  private static Checkup schema(DatabaseSight sight) {
    String version =
        sight.schema().found().isPresent()
            ? "version " + sight.schema().found().getAsInt()
            : "none yet";
    if (sight.current()) {
      return Checkup.ok("schema", version);
    }
    String finding = "%s, this program needs version %d".formatted(version, sight.wanted());
    boolean behind = sight.schema().found().orElse(0) < sight.wanted();
    return behind && sight.schema().mayMigrate()
        ? Checkup.warning("schema", finding, "'pawl migrate' brings it there; drain workers first")
        : Checkup.failed("schema", finding, sight.remedy());
  }

  private static Checkup connection(JdbcSettings settings, DatabaseSight sight) {
    if (settings.isLoopback()) {
      return Checkup.ok("database tls", "on this machine" + (sight.encrypted() ? ", TLS" : ""));
    }
    if (sight.encrypted() && settings.verifiesServer()) {
      return Checkup.ok("database tls", "TLS, and the server's certificate is checked");
    }
    return Checkup.warning(
        "database tls",
        sight.encrypted() ? "TLS, but to whomever answers" : "plain text",
        "add sslmode=verify-full and sslrootcert=FILE to PAWL_JDBC_URL");
  }

  private static Checkup user(DatabaseSight sight) {
    String user = sight.schema().user();
    if (sight.superuser()) {
      return Checkup.warning(
          "database user",
          user + " may do everything on the server",
          "use an owner for 'pawl migrate', members of pawl_operator and pawl_worker for the rest (docs/security.md)");
    }
    if (sight.schema().mayMigrate() && sight.schema().owner() != null) {
      return Checkup.ok("database user", user + " owns the schema: it migrates, and may do all");
    }
    List<String> roles = sight.roles();
    return roles.isEmpty()
        ? Checkup.warning(
            "database user",
            user + " has none of Pawl's roles",
            "GRANT pawl_worker, pawl_operator or pawl_reader TO it (docs/security.md)")
        : Checkup.ok("database user", user + " has " + String.join(", ", roles));
  }

  private static Optional<Checkup> roles(DatabaseSight sight) {
    if (!sight.missingRoles().isEmpty() && sight.current()) {
      String sql =
          sight.missingRoles().stream()
              .map(role -> "CREATE ROLE " + role + ";")
              .collect(Collectors.joining(" "));
      return Optional.of(
          Checkup.warning(
              "database roles",
              "not there: " + String.join(", ", sight.missingRoles()),
              "let somebody who may run: " + sql + " then run 'pawl migrate' as the owner"));
    }
    return sight.anybodyMakesTables()
        ? Optional.of(
            Checkup.warning(
                "database roles",
                "every user of the server can make tables in the schema",
                "let its owner run REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
        : Optional.empty();
  }

  private static Checkup clock(DatabaseSight sight) {
    double ahead = sight.ahead().toMillis() / 1000.0;
    String finding =
        String.format(
            Locale.ROOT,
            "the database's is %.2f s %s this machine's (± %.2f s)",
            Math.abs(ahead),
            ahead < 0 ? "behind" : "ahead of",
            sight.uncertainty().toMillis() / 1000.0);
    boolean close = sight.ahead().abs().compareTo(TOLERATED.plus(sight.uncertainty())) <= 0;
    return close
        ? Checkup.ok("clock", finding)
        : Checkup.warning("clock", finding, "let NTP set both clocks; leases go by the database's");
  }
}
