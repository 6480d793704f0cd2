package dev.pawl.activities.stage;

import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.activities.artifact.LocalArtifactStore;
import dev.pawl.activities.checkpoint.VanillaStart;
import dev.pawl.db.CheckpointRow;
import dev.pawl.db.Database;
import dev.pawl.db.MetricPoint;
import dev.pawl.db.StageRow;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import dev.pawl.model.training.StepResult;
import dev.pawl.model.training.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Trains the first steps of a finished training a second time and compares: every stored metric of
 * those steps, and the digest of every checkpoint that was recorded among them, to the last bit.
 */
public final class Replay {
  private final Database database;
  private final LocalArtifactStore artifacts;

  public Replay(Database database, Path home) {
    this.database = database;
    this.artifacts = new LocalArtifactStore(home);
  }

  /**
   * What was found.
   *
   * @param steps trained again
   * @param metrics compared
   * @param checkpoints compared
   * @param difference the first one, in words; empty when there is none
   */
  public record Result(long steps, long metrics, long checkpoints, String difference) {}

  /**
   * Trains again from the initial weights.
   *
   * @param steps at most; no more than the training had
   */
  public Result run(StageRow stage, long steps) throws IOException {
    PretrainStageConfig config = CanonicalJson.read(stage.configJson(), PretrainStageConfig.class);
    Torch.start(config.threads());
    String key = stage.inputs().get("tokenize");
    StageRow tokens = database.stages().find(key).orElseThrow();
    Path data = artifacts.folder(tokens.kind(), key);
    TokenizedCorpus corpus =
        Json.read(data.resolve(TokenizedCorpus.FILE_NAME), TokenizedCorpus.class);
    Path work = artifacts.work("replay-" + stage.key());
    try (TrainingSamples samples = TrainingSamples.open(config, corpus, data, work);
        TensorScope scope = Torch.scope()) {
      Architecture architecture = Architecture.of(config.model());
      TrainingState state = TrainingState.initial(scope, architecture, config.seed());
      if (config.loadFromVanilla() != null) {
        VanillaStart.apply(config.loadFromVanilla(), config.model(), state.weights());
      }
      try (Trainer trainer =
          new Trainer(
              architecture,
              config.training(),
              samples.data(),
              state,
              config.seed(),
              SkippedRanges.rewinds(database, stage.key()))) {
        long last = Math.min(steps, end(stage, config));
        return compare(stage, trainer, state, last, work.resolve("checkpoints"));
      }
    } finally {
      DurableFiles.remove(work);
    }
  }

  // A training that ended early has no steps beyond its last checkpoint.
  private long end(StageRow stage, PretrainStageConfig config) {
    return database.checkpoints().of(stage.key()).stream()
        .mapToLong(CheckpointRow::step)
        .max()
        .orElse(config.training().stopSteps());
  }

  private Result compare(
      StageRow stage, Trainer trainer, TrainingState state, long last, Path checkpoints)
      throws IOException {
    Map<Long, Map<String, Double>> stored = stored(stage.key(), last);
    Map<Long, String> digests = new HashMap<>();
    for (CheckpointRow row : database.checkpoints().of(stage.key())) {
      digests.put(row.step(), row.sha256());
    }
    long metrics = 0;
    long compared = 0;
    while (state.step() < last) {
      StepResult result = trainer.step();
      if (result.skipped().isPresent() && result.skipped().get().rewound()) {
        String difference =
            "step %d goes back now, and did not in the record: %s"
                .formatted(result.step(), result.skipped().get());
        return new Result(result.step(), metrics, compared, difference);
      }
      Map<String, Double> row = stored.getOrDefault(result.step(), Map.of());
      for (MetricPoint point : StepMetrics.of(result)) {
        Double before = row.get(point.name());
        if (before == null) {
          continue;
        }
        metrics++;
        if (Double.compare(before, point.value()) != 0) {
          String difference =
              "%s of step %d is %s now and %s in the record"
                  .formatted(point.name(), point.step(), point.value(), before);
          return new Result(result.step(), metrics, compared, difference);
        }
      }
      String digest = digests.get(result.step());
      if (digest != null) {
        compared++;
        Files.createDirectories(checkpoints);
        String now =
            new CheckpointStore(checkpoints).save(state, CanonicalJson.tree(Map.of())).sha256();
        DurableFiles.remove(checkpoints);
        if (!now.equals(digest)) {
          String difference =
              "the state after step %d has sha256 %s now and %s in the record"
                  .formatted(result.step(), now, digest);
          return new Result(result.step(), metrics, compared, difference);
        }
      }
    }
    return new Result(last, metrics, compared, "");
  }

  private Map<Long, Map<String, Double>> stored(String stageKey, long last) throws IOException {
    Map<Long, Map<String, Double>> stored = new HashMap<>();
    database
        .metrics()
        .read(
            stageKey,
            points -> {
              while (points.hasNext()) {
                MetricPoint point = points.next();
                if (point.step() > last) {
                  return;
                }
                stored
                    .computeIfAbsent(point.step(), step -> new HashMap<>())
                    .put(point.name(), point.value());
              }
            });
    return stored;
  }
}
