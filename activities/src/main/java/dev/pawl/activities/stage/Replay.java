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
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.dataset.Samples;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.generation.LanguageModel;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import dev.pawl.model.training.StepResult;
import dev.pawl.model.training.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Trains some steps of a finished training a second time, from its initial weights or from a
 * checkpoint that is kept, and compares: every stored metric of those steps, and the digest of
 * every checkpoint that was recorded among them, to the last bit.
 */
public final class Replay {
  private static final String VALID_LOSS = "valid_loss";

  private final Database database;
  private final Path home;
  private final LocalArtifactStore artifacts;

  public Replay(Database database, Path home) {
    this.database = database;
    this.home = home;
    this.artifacts = new LocalArtifactStore(home);
  }

  /**
   * What was found.
   *
   * @param from step that training went on after; 0 for the initial weights
   * @param choice how that step was chosen
   * @param steps trained again
   * @param metrics compared
   * @param checkpoints compared
   * @param difference the first one, in words; empty when there is none
   */
  public record Result(
      long from, String choice, long steps, long metrics, long checkpoints, String difference) {}

  /**
   * Trains again.
   *
   * @throws PawlException CONFIG when the step asked for is not kept, DATA when its checkpoint is
   *     damaged
   */
  public Result run(StageRow stage, ReplayRequest request) throws IOException {
    FinishedTraining finished = new FinishedTraining(database, home, stage);
    PretrainStageConfig config = finished.config();
    Torch.start(config.threads());
    long stop = finished.end();
    TreeMap<Long, CheckpointRow> kept = new TreeMap<>();
    for (CheckpointRow row : database.checkpoints().of(stage.key())) {
      if (row.step() < stop && Files.isDirectory(home.resolve(row.path()))) {
        kept.put(row.step(), row);
      }
    }
    long from = request.choose(new ArrayList<>(kept.keySet()));
    Path work = artifacts.work("replay-" + stage.key());
    try (TrainingSamples samples = finished.open(work);
        TensorScope scope = Torch.scope()) {
      Architecture architecture = Architecture.of(config.model());
      TrainingState state = state(scope, config, architecture, kept.get(from));
      try (Trainer trainer =
          new Trainer(
              architecture,
              config.training(),
              samples.data(),
              state,
              config.seed(),
              finished.rewinds())) {
        long last = Math.min(from + request.steps(), stop);
        Comparison comparison =
            new Comparison(stage, config.training(), architecture, samples.valid(), from, last);
        String difference = comparison.run(trainer, state, work.resolve("checkpoints"));
        return new Result(
            from,
            request.choice(),
            state.step() - from,
            comparison.metrics,
            comparison.checkpoints,
            difference);
      }
    } finally {
      DurableFiles.remove(work);
    }
  }

  private TrainingState state(
      TensorScope scope,
      PretrainStageConfig config,
      Architecture architecture,
      @Nullable CheckpointRow from) {
    if (from != null) {
      TrainingState state = TrainingState.empty(scope, architecture);
      Checkpoint found = CheckpointStore.verify(home.resolve(from.path()));
      if (!found.sha256().equals(from.sha256())) {
        throw new PawlException(
            FailureCause.DATA,
            "%s holds the state %s, recorded is %s"
                .formatted(found.folder(), found.sha256(), from.sha256()));
      }
      CheckpointStore.load(found, state);
      return state;
    }
    TrainingState state = TrainingState.initial(scope, architecture, config.seed());
    if (config.loadFromVanilla() != null) {
      VanillaStart.apply(config.loadFromVanilla(), config.model(), state.weights());
    }
    return state;
  }

  /** One way through the steps. */
  private final class Comparison {
    private final TrainingConfig training;
    private final Architecture architecture;
    private final Samples valid;
    private final long last;
    private final Map<Long, Map<String, Double>> stored;
    private final Map<Long, String> digests = new HashMap<>();
    private long metrics;
    private long checkpoints;

    Comparison(
        StageRow stage,
        TrainingConfig training,
        Architecture architecture,
        Samples valid,
        long from,
        long last)
        throws IOException {
      this.training = training;
      this.architecture = architecture;
      this.valid = valid;
      this.last = last;
      this.stored = stored(stage.key(), from, last);
      for (CheckpointRow row : database.checkpoints().of(stage.key())) {
        digests.put(row.step(), row.sha256());
      }
    }

    /** The first difference in words, or nothing. */
    String run(Trainer trainer, TrainingState state, Path folder) throws IOException {
      while (state.step() < last) {
        StepResult result = trainer.step();
        if (result.skipped().isPresent() && result.skipped().get().rewound()) {
          return "step %d goes back now, and did not in the record: %s"
              .formatted(result.step(), result.skipped().get());
        }
        String difference = metrics(result, state);
        if (difference.isEmpty()) {
          difference = checkpoint(state, folder);
        }
        if (!difference.isEmpty()) {
          return difference;
        }
      }
      return "";
    }

    private String metrics(StepResult result, TrainingState state) {
      Map<String, Double> row = stored.getOrDefault(result.step(), Map.of());
      List<MetricPoint> points = new ArrayList<>(StepMetrics.of(result));
      if (row.containsKey(VALID_LOSS)) {
        try (LanguageModel model =
            new LanguageModel(architecture, state.weights(), training.precision())) {
          double loss = Validation.loss(model, valid, training.validSamples(), () -> {});
          points.add(new MetricPoint(result.step(), VALID_LOSS, loss));
        }
      }
      for (MetricPoint point : points) {
        Double before = row.get(point.name());
        if (before == null) {
          continue;
        }
        metrics++;
        if (Double.compare(before, point.value()) != 0) {
          return "%s of step %d is %s now and %s in the record"
              .formatted(point.name(), point.step(), point.value(), before);
        }
      }
      return "";
    }

    private String checkpoint(TrainingState state, Path folder) throws IOException {
      String digest = digests.get(state.step());
      if (digest == null) {
        return "";
      }
      checkpoints++;
      Files.createDirectories(folder);
      String now = new CheckpointStore(folder).save(state, CanonicalJson.tree(Map.of())).sha256();
      DurableFiles.remove(folder);
      return now.equals(digest)
          ? ""
          : "the state after step %d has sha256 %s now and %s in the record"
              .formatted(state.step(), now, digest);
    }

    private Map<Long, Map<String, Double>> stored(String stageKey, long from, long to)
        throws IOException {
      Map<Long, Map<String, Double>> found = new HashMap<>();
      database
          .metrics()
          .read(
              stageKey,
              points -> {
                while (points.hasNext()) {
                  MetricPoint point = points.next();
                  if (point.step() > to) {
                    return;
                  }
                  if (point.step() > from) {
                    found
                        .computeIfAbsent(point.step(), step -> new HashMap<>())
                        .put(point.name(), point.value());
                  }
                }
              });
      return found;
    }
  }
}
