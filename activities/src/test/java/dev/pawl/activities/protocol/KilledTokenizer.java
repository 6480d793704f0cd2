package dev.pawl.activities.protocol;

import dev.pawl.activities.stage.TokenizeStage;
import dev.pawl.db.Database;
import dev.pawl.db.JdbcSettings;
import dev.pawl.experiments.TokenizerType;
import dev.pawl.experiments.stage.TokenizeStageConfig;
import dev.pawl.experiments.stage.TokenizerConfig;
import java.nio.file.Path;
import java.util.Optional;

/** A worker in a process of its own, to be killed while it tokenizes a given corpus. */
final class KilledTokenizer {
  /** Small against the test's corpus, so that several partitions lie before and behind a kill. */
  static final long PARTITION_BYTES = 40_000;

  private KilledTokenizer() {}

  static TokenizeStageConfig config(TokenizerType type) {
    return new TokenizeStageConfig(new TokenizerConfig(type, null), "text", 0.1);
  }

  public static void main(String[] arguments) {
    JdbcSettings settings =
        new JdbcSettings(arguments[0], optional(arguments[1]), optional(arguments[2]));
    try (Database database = Database.open(settings)) {
      OneStage.attach(database, Path.of(arguments[3]), arguments[4])
          .run(
              context ->
                  new TokenizeStage(PARTITION_BYTES)
                      .execute(
                          config(TokenizerType.BYTES),
                          new GivenInputs(context, Path.of(arguments[5]), progress -> {})));
    }
  }

  private static Optional<String> optional(String argument) {
    return argument.isEmpty() ? Optional.empty() : Optional.of(argument);
  }
}
