package dev.pawl.activities.protocol;

import dev.pawl.activities.StageOutcome;
import dev.pawl.activities.StageRequest;
import dev.pawl.activities.artifact.LocalArtifactStore;
import dev.pawl.db.Database;
import dev.pawl.db.NewExperiment;
import dev.pawl.db.NewRun;
import dev.pawl.db.NewStage;
import dev.pawl.db.StageRow;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.ReportStageConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A registered experiment of one run and one stage whose body a test supplies. */
final class OneStage {
  static final LeaseTiming QUICK =
      new LeaseTiming(Duration.ofSeconds(20), Duration.ofMillis(100), Duration.ofMillis(20));

  private final Database database;
  private final LocalArtifactStore artifacts;
  private final StageRequest request;
  private final String environment;

  /** Registers a new one. */
  OneStage(Database database, Path home) {
    this(database, home, UUID.randomUUID().toString().replace("-", "").repeat(2));
    NewStage stage =
        new NewStage(key(), StageKind.REPORT.id(), StageKind.REPORT.version(), "{}", Map.of());
    NewRun run = new NewRun(request.runId(), "only", "none", 0, "{}", List.of(stage));
    database
        .experiments()
        .register(
            new NewExperiment(request.experimentId(), "one-stage", key(), "{}", "", List.of(run)));
  }

  private OneStage(Database database, Path home, String key) {
    this.database = database;
    this.artifacts = new LocalArtifactStore(home);
    this.request = new StageRequest(key.substring(0, 12), key.substring(12, 24), key);
    this.environment = database.environments().register(Environments.describe(Map.of()));
  }

  /** One that another process registered. */
  static OneStage attach(Database database, Path home, String key) {
    return new OneStage(database, home, key);
  }

  /** Leads the stage through the protocol, as a worker of its own would. */
  StageOutcome run(Body body) {
    return run(body, () -> {});
  }

  StageOutcome run(Body body, Heartbeat heartbeat) {
    return run(body, heartbeat, ProgressListener.NONE);
  }

  StageOutcome run(Body body, Heartbeat heartbeat, ProgressListener listener) {
    StageProtocol protocol =
        new StageProtocol(
            database,
            artifacts,
            new StageRegistry(List.of(new BodyStage(body))),
            listener,
            "test",
            environment,
            QUICK);
    return protocol.run(StageKind.REPORT, request, heartbeat, Instant.now().minusSeconds(60));
  }

  StageRow row() {
    return database.stages().find(request.stageKey()).orElseThrow();
  }

  Path artifact() {
    return artifacts.folder(StageKind.REPORT.id(), request.stageKey());
  }

  String key() {
    return request.stageKey();
  }

  String runId() {
    return request.runId();
  }

  /** What the stage does. */
  interface Body {
    void execute(StageContext context) throws Exception;
  }

  private record BodyStage(Body body) implements Stage<ReportStageConfig> {
    @Override
    public Class<ReportStageConfig> configType() {
      return ReportStageConfig.class;
    }

    @Override
    public StageKind kind() {
      return StageKind.REPORT;
    }

    @Override
    public StageResult execute(ReportStageConfig config, StageContext context) throws Exception {
      body.execute(context);
      return new StageResult("{}");
    }
  }
}
