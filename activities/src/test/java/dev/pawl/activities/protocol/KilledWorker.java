package dev.pawl.activities.protocol;

import dev.pawl.db.Database;
import dev.pawl.db.JdbcSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A worker in a process of its own, to be killed at a fault point while it does one stage. */
final class KilledWorker {
  private KilledWorker() {}

  public static void main(String[] arguments) {
    JdbcSettings settings =
        new JdbcSettings(arguments[0], optional(arguments[1]), optional(arguments[2]));
    try (Database database = Database.open(settings)) {
      OneStage.attach(database, Path.of(arguments[3]), arguments[4])
          .run(context -> Files.writeString(context.output().resolve("letter.txt"), "hello"));
    }
  }

  private static Optional<String> optional(String argument) {
    return argument.isEmpty() ? Optional.empty() : Optional.of(argument);
  }
}
