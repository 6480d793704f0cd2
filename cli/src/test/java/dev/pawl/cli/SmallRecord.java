package dev.pawl.cli;

import dev.pawl.db.CheckpointRow;
import dev.pawl.db.Claim;
import dev.pawl.db.Completion;
import dev.pawl.db.Database;
import dev.pawl.db.EvaluationRow;
import dev.pawl.db.GenerationRow;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.MetricPoint;
import dev.pawl.db.NewExperiment;
import dev.pawl.db.NewRun;
import dev.pawl.db.NewStage;
import dev.pawl.db.Owner;
import dev.pawl.db.RunStatus;
import dev.pawl.db.TestDatabase;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.preset.ModelFiles;
import dev.pawl.model.architecture.ParameterCounts;
import dev.pawl.model.config.ModelConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A record that holds a few runs, as stages would have written them: the sweep {@code sizes} of two
 * models and two seeds, and the experiment {@code plain} of one model.
 */
final class SmallRecord implements AutoCloseable {
  private static final Owner SELF = Owner.ofThisProcess("run");
  private static final Duration LEASE = Duration.ofMinutes(10);

  private final JdbcSettings settings = TestDatabase.freshSettings();
  private final Database database = Database.open(settings);

  /** What a run came to. */
  record Outcome(
      String run,
      String preset,
      int seed,
      double validLoss,
      double acc,
      double stderr,
      double tokensPerSecond,
      String digest) {}

  SmallRecord() throws SQLException {
    List<Outcome> outcomes =
        List.of(
            new Outcome("vanilla-seed1", "vanilla_70", 1, 2.0, 0.50, 0.03, 100, "aa"),
            new Outcome("vanilla-seed2", "vanilla_70", 2, 2.2, 0.60, 0.04, 110, "bb"),
            new Outcome("block-seed1", "block_main_b4_19", 1, 1.5, 0.70, 0.04, 300, "cc"),
            new Outcome("block-seed2", "block_main_b4_19", 2, 1.7, 0.80, 0.03, 330, "dd"));
    register("sizes", outcomes);
    for (Outcome outcome : outcomes) {
      done("sizes", outcome);
      sql(
          "UPDATE run SET point = '{\"model\": \"%s\", \"seed\": %d}' WHERE id = 'sizes-%s'"
              .formatted(outcome.run().replaceFirst("-.*", ""), outcome.seed(), outcome.run()));
    }
    Outcome plain = new Outcome("plain", "vanilla_70", 1, 2.0, 0.50, 0.03, 100, "aa");
    register("plain", List.of(plain));
    done("plain", plain);
  }

  Database database() {
    return database;
  }

  void sql(String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                settings.url(), settings.user().orElse(null), settings.password().orElse(null));
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  private void register(String experiment, List<Outcome> outcomes) {
    List<NewRun> runs = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      runs.add(run(experiment, outcome));
    }
    database
        .experiments()
        .register(new NewExperiment(experiment + "-id", experiment, "digest", "{}", "yaml", runs));
  }

  private static NewRun run(String experiment, Outcome outcome) {
    ModelConfig model = ModelFiles.load(outcome.preset()).model();
    String configuration =
        """
        {"model": %s, "seed": %d,
         "training": {"learningRate": %s, "maxLength": 128, "totalBatchSize": 16}}"""
            .formatted(
                CanonicalJson.write(model),
                outcome.seed(),
                experiment.equals("plain") ? "0.002" : "0.001");
    String key = experiment + "-" + outcome.run();
    List<NewStage> stages =
        List.of(
            new NewStage("tokens", "tokenize", 1, "{\"validFraction\": 0.1}", Map.of()),
            new NewStage("pre-" + key, "pretrain", 4, configuration, Map.of("tokenize", "tokens")),
            new NewStage("eval-" + key, "evaluate", 2, "{}", Map.of("pretrain", "pre-" + key)),
            new NewStage("gen-" + key, "generation", 2, "{}", Map.of("pretrain", "pre-" + key)));
    return new NewRun(
        key,
        outcome.run(),
        outcome.preset().startsWith("vanilla") ? "vanilla" : "block",
        ParameterCounts.of(model).total(),
        configuration,
        stages);
  }

  private void done(String experiment, Outcome outcome) {
    String key = experiment + "-" + outcome.run();
    database
        .stages()
        .claim("tokens", SELF, LEASE, environment(2))
        .claim()
        .ifPresent(claim -> complete(claim, "tokenize", "d0d0d0d0d0d0d0d0d0d0"));
    Claim training = claim("pre-" + key, 2);
    List<MetricPoint> points = new ArrayList<>();
    for (int step = 1; step <= 4; step++) {
      // Both of one digest have the same curve; the others leave it after the second step.
      double away = step <= 2 ? 0 : outcome.validLoss() / 10;
      points.add(new MetricPoint(step, "train_loss", 4.0 - 0.25 * step + away));
      points.add(new MetricPoint(step, "tokens_per_second", 1000.0));
    }
    points.add(new MetricPoint(4, "valid_loss", outcome.validLoss()));
    database.metrics().append(training, points, Set.of("tokens_per_second"));
    checkpoint(training, 2, "same");
    checkpoint(training, 4, outcome.digest());
    complete(training, "pretrain", "artifact " + outcome.digest());
    Claim evaluation = claim("eval-" + key, 2);
    database
        .evaluations()
        .record(
            evaluation,
            List.of(
                new EvaluationRow(4, "cloze", "1.0", "acc", outcome.acc(), outcome.stderr(), 100)));
    complete(evaluation, "evaluate", "e");
    Claim generation = claim("gen-" + key, 2);
    for (int batch : new int[] {1, 8}) {
      database
          .generations()
          .record(
              generation,
              new GenerationRow(
                  112,
                  16,
                  batch,
                  "optimised",
                  "fp32",
                  outcome.tokensPerSecond() * batch,
                  (100L + batch) << 20,
                  List.of(1.0, 1.0),
                  false,
                  0.5,
                  Map.of("device", "cpu", "threads", "2")));
    }
    complete(generation, "generation", "g");
    database.experiments().runStatus(key, RunStatus.DONE, null, null);
  }

  /** Claims a stage for this process on a machine with so many threads. */
  Claim claim(String stage, int threads) {
    return database.stages().claim(stage, SELF, LEASE, environment(threads)).claim().orElseThrow();
  }

  private String environment(int threads) {
    return database
        .environments()
        .register("{\"threads\": \"%d\", \"libtorch\": \"2.7.1\"}".formatted(threads));
  }

  private void complete(Claim claim, String kind, String digest) {
    database.stages().complete(claim, new Completion(digest, 10, "p", kind, "{}"));
  }

  private void checkpoint(Claim claim, long step, String sha256) {
    database
        .checkpoints()
        .record(claim, new CheckpointRow(step, step * 16, sha256, Optional.empty(), "p", 10));
  }

  @Override
  public void close() {
    database.close();
  }
}
