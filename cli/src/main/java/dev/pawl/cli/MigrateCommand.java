package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.DatabaseSight;
import dev.pawl.db.JdbcSettings;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Brings the schema of a database to this version, and its roles to what this version needs. */
@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    description = {
      "Bring the database's schema and roles to this version; for whoever owns them.",
      "Other users of a shared database never change it; docs/security.md sets one up."
    })
final class MigrateCommand implements Callable<Integer> {
  @Mixin private HomeOption home;

  @Override
  public Integer call() {
    OptionalInt before = OptionalInt.empty();
    Optional<JdbcSettings> given = Databases.settings();
    if (given.isPresent()) {
      DatabaseSight sight = DatabaseSight.of(given.get());
      before = sight.schema().found();
      if (!sight.schema().mayMigrate()) {
        throw new PawlException(FailureCause.CONFIG, sight.remedy());
      }
    }
    try (Database database = Databases.open(home.path())) {
      int now = database.schemaVersion();
      System.out.printf(
          before.equals(OptionalInt.of(now))
              ? "the schema is at version %d%n"
              : "the schema is at version %d now%n",
          now);
      grant(database.roles().grant());
      grant(database.reader().grant());
    }
    return ExitCode.DONE;
  }

  private static void grant(Optional<String> problem) {
    problem.ifPresent(each -> System.err.println("pawl: " + each));
  }
}
