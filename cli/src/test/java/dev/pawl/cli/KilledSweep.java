package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.db.RunStatus;
import dev.pawl.db.RungRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A sweep with early stopping as a process, killed at random and started again until it is done.
 */
final class KilledSweep {
  private static final String YAML =
      """
      experiment: asha
      dataset: {stories: {documents: 60, valid_documents: 8, task_documents: 8}}
      models:
        one:
          model_config: {num_hidden_layers: 1, hidden_size: 16, num_attention_heads: 2}
      training:
        max_length: 32
        total_batch_size: 2
        num_train_steps: 54
        num_warmup_steps: 2
        learning_rate: 1e-3
        save_steps: 0
        valid_steps: 2
        valid_samples: 4
      evaluation: {tasks: []}
      generation: {shapes: []}
      threads: 1
      sweep:
        axes:
          training.learning_rate: %s
        early_stopping: {min_steps: %d, reduction_factor: %d}
      """;

  private final Path folder;

  /**
   * A sweep over learning rates.
   *
   * @param rates in the order of the runs
   * @param minSteps of 54, to the first rung
   */
  KilledSweep(Path folder, List<Double> rates, int minSteps, int factor) throws IOException {
    this.folder = folder;
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(folder.resolve("asha.yaml"), YAML.formatted(rates, minSteps, factor));
  }

  /** The command once, to its end. */
  PawlProcess straight(String home, String... more) throws Exception {
    PawlProcess process = start(home, more);
    assertEquals(0, process.exitCode(), process.err());
    return process;
  }

  /**
   * The command, killed some times, each after so many more rungs and a little more.
   *
   * @param rungs after how many rungs, for each kill
   */
  PawlProcess killed(String home, Random random, int... rungs) throws Exception {
    for (int each : rungs) {
      PawlProcess process = start(home);
      while (process.process.isAlive() && rested(process) < each) {
        process.process.waitFor(20, TimeUnit.MILLISECONDS);
      }
      process.process.waitFor(random.nextInt(400), TimeUnit.MILLISECONDS);
      assertTrue(process.process.isAlive(), "it ended before it was killed: " + process.err());
      process.process.destroyForcibly().waitFor();
    }
    return straight(home);
  }

  private static long rested(PawlProcess process) throws IOException {
    return process.err().lines().filter(line -> line.contains("rests after step")).count();
  }

  private PawlProcess start(String home, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("run", "asha.yaml", "-o", "json"));
    arguments.addAll(List.of("--home", folder.resolve(home).toString()));
    arguments.addAll(List.of(more));
    return PawlProcess.start(folder, arguments.toArray(String[]::new));
  }

  /** What was decided, and what came of it. */
  List<String> decisions(String home) {
    return read(
        home,
        database ->
            database.asha().ofExperiment(experiment(database)).stream()
                .map(KilledSweep::words)
                .toList());
  }

  // A row without its time.
  private static String words(RungRow row) {
    return "%d %s rung %d step %d: %s %s %s %s"
        .formatted(
            row.decision(),
            row.run(),
            row.rung(),
            row.step(),
            row.metric(),
            row.value(),
            row.promoted(),
            row.reason());
  }

  /** Where each run ended: status, message, and the digests of its checkpoints by step. */
  Map<String, String> ends(String home) {
    return read(
        home,
        database -> {
          Map<String, String> ends = new TreeMap<>();
          for (RunRow run : database.experiments().runs()) {
            Map<Long, String> digests = new TreeMap<>();
            database.experiments().stagesOf(run.id()).stream()
                .filter(stage -> stage.kind().equals("pretrain"))
                .flatMap(stage -> database.checkpoints().of(stage.key()).stream())
                .filter(row -> row.removed().isEmpty())
                .forEach(row -> digests.put(row.step(), row.sha256()));
            Object last =
                digests.isEmpty() ? "none" : ((TreeMap<Long, String>) digests).lastEntry();
            ends.put(
                run.name(), "%s %s %s".formatted(run.status(), run.message().orElse(""), last));
          }
          return ends;
        });
  }

  /** How many runs ended so. */
  long count(String home, RunStatus status) {
    return read(
        home,
        database ->
            database.experiments().runs().stream().filter(run -> run.status() == status).count());
  }

  private static String experiment(Database database) {
    return database.experiments().runs().get(0).experimentId();
  }

  private <T> T read(String home, java.util.function.Function<Database, T> reader) {
    try (Database database = Database.openEmbedded(folder.resolve(home).resolve("postgres"))) {
      return reader.apply(database);
    }
  }
}
