package dev.pawl.activities.stage;

import dev.pawl.db.Database;
import dev.pawl.db.JdbcSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A training in a process of its own, to be killed at a fault point. */
final class KilledTraining {
  private KilledTraining() {}

  public static void main(String[] arguments) throws IOException {
    JdbcSettings settings =
        new JdbcSettings(arguments[0], optional(arguments[1]), optional(arguments[2]));
    try (Database database = Database.open(settings)) {
      SmallTraining.claim(database, Path.of(arguments[3]), arguments[4], "killed").run();
    }
  }

  private static Optional<String> optional(String argument) {
    return argument.isEmpty() ? Optional.empty() : Optional.of(argument);
  }
}
