package dev.pawl.activities.stage;

import dev.pawl.activities.StageRequest;
import dev.pawl.activities.artifact.LocalArtifactStore;
import dev.pawl.activities.protocol.ProgressListener;
import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageProtocol;
import dev.pawl.db.CheckpointRow;
import dev.pawl.db.Database;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.NewExperiment;
import dev.pawl.db.NewRun;
import dev.pawl.db.NewStage;
import dev.pawl.db.RunRow;
import dev.pawl.db.StageRow;
import dev.pawl.db.TestDatabase;
import dev.pawl.experiments.Experiments;
import dev.pawl.experiments.plan.Machine;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.plan.PlannedRun;
import dev.pawl.experiments.plan.PlannedStage;
import dev.pawl.experiments.plan.Planner;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.model.training.TrainingData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A whole run of a tiny model, stage by stage, with the real stages, record and artifacts. */
final class SmallRun implements AutoCloseable {
  static final int STEPS = 30;
  static final int SAVE_STEPS = 7;
  static final int BATCH = 4;

  private static final String YAML =
      """
      experiment: small
      dataset: {stories: {documents: 32, valid_documents: 4, task_documents: 4}}
      models:
        vanilla:
          model_config: {num_hidden_layers: 1, hidden_size: 16, num_attention_heads: 2}
        block:
          block_length: 4
          embedder: {cls: lookup}
          block_decoder:
            config: {num_hidden_layers: 1, hidden_size: 16, num_attention_heads: 2}
          token_decoder:
            config: {num_hidden_layers: 1, hidden_size: 16, num_attention_heads: 2}
      training:
        max_length: 64
        total_batch_size: 4
        per_device_train_batch_size: 2
        num_train_steps: 30
        num_warmup_steps: 5
        learning_rate: 3e-3
        save_steps: 7
      evaluation: {tasks: []}
      generation: {shapes: []}
      threads: 2
      """;

  final Path home;
  final Database database;
  private final JdbcSettings settings;
  private final Plan plan;
  private final PlannedRun run;
  private final LocalArtifactStore artifacts;

  /** Registers the experiment in a database of its own. */
  SmallRun(Path home, String model, String... overrides) throws IOException {
    this.home = Files.createDirectories(home);
    this.settings = TestDatabase.freshSettings();
    this.database = Database.open(settings);
    this.artifacts = new LocalArtifactStore(home);
    Path file = Files.writeString(home.resolve("small.yaml"), YAML);
    this.plan = Planner.plan(Experiments.load(file, List.of(overrides)), new Machine("cpu", 2));
    this.run =
        plan.runs().stream().filter(each -> each.name().equals(model)).findFirst().orElseThrow();
    List<NewStage> stages = new ArrayList<>();
    for (PlannedStage stage : run.stages()) {
      stages.add(
          new NewStage(
              stage.key(), stage.kind(), stage.version(), stage.configJson(), stage.inputs()));
    }
    database
        .experiments()
        .register(
            new NewExperiment(
                plan.experimentId(),
                plan.name(),
                plan.digest(),
                plan.configJson(),
                plan.source(),
                List.of(new NewRun(run.id(), run.name(), model, 1, run.configJson(), stages))));
  }

  /** Does every stage, the training in one go. */
  SmallRun whole() {
    return prepare().train(data -> data).rest();
  }

  /** Does what comes before the training. */
  SmallRun prepare() {
    for (PlannedStage stage : run.stages()) {
      if (stage.kind().equals(StageKind.PRETRAIN.id())) {
        return this;
      }
      stage(stage, Stages.all());
    }
    throw new IllegalStateException("no training");
  }

  /**
   * One attempt at the training.
   *
   * @param reader what its samples are read through
   * @throws RuntimeException when the attempt fails or is stopped
   */
  SmallRun train(UnaryOperator<TrainingData> reader) {
    stage(planned(StageKind.PRETRAIN), List.of(new PretrainStage(reader)));
    return this;
  }

  /** Does what comes after the training. */
  SmallRun rest() {
    run.stages().forEach(stage -> stage(stage, Stages.all()));
    return this;
  }

  private void stage(PlannedStage stage, List<? extends Stage<?>> stages) {
    StageProtocol.start(
            database, home, stages, ProgressListener.NONE, "test", Map.of("threads", "2"))
        .run(
            StageKind.of(stage.kind()),
            new StageRequest(plan.experimentId(), run.id(), stage.key()),
            () -> {},
            Instant.now());
  }

  private PlannedStage planned(StageKind kind) {
    return run.stages().stream()
        .filter(stage -> stage.kind().equals(kind.id()))
        .findFirst()
        .orElseThrow();
  }

  RunRow row() {
    return database.experiments().findRuns(run.id()).get(0);
  }

  StageRow stage(StageKind kind) {
    return database.stages().find(planned(kind).key()).orElseThrow();
  }

  Path artifact(StageKind kind) {
    return artifacts.folder(kind.id(), planned(kind).key());
  }

  LocalArtifactStore artifacts() {
    return artifacts;
  }

  /** Where the newest attempt at the training keeps its checkpoints while it is under way. */
  Path working() {
    StageRow stage = stage(StageKind.PRETRAIN);
    return home.resolve("work/%s/%d/checkpoints".formatted(stage.key(), stage.attempt()));
  }

  List<CheckpointRow> checkpoints() {
    return database.checkpoints().of(planned(StageKind.PRETRAIN).key());
  }

  /** The digest of the state after the last step. */
  String lastDigest() {
    CheckpointRow last = checkpoints().get(checkpoints().size() - 1);
    if (last.step() != STEPS) {
      throw new IllegalStateException("the training ended with step " + last.step());
    }
    return last.sha256();
  }

  /** Every metric that is not measured, to the last digit. */
  String metrics() throws IOException {
    return Files.readString(artifact(StageKind.PRETRAIN).resolve(MetricsFile.FILE_NAME));
  }

  /** The manifest of the last checkpoint's folder, as it is. */
  String lastManifest() throws IOException {
    return Files.readString(
        artifact(StageKind.PRETRAIN).resolve("checkpoint-" + STEPS).resolve("manifest.json"));
  }

  /** Changes the record behind everybody's back; returns the number of rows. */
  int update(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                settings.url(), settings.user().orElse(null), settings.password().orElse(null));
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
