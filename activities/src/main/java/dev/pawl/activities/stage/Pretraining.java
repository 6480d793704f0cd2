package dev.pawl.activities.stage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.activities.checkpoint.VanillaStart;
import dev.pawl.activities.protocol.FaultPoints;
import dev.pawl.activities.protocol.StageCancelledException;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageProgress;
import dev.pawl.db.CheckpointRow;
import dev.pawl.db.MetricPoint;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.TrainingConfig;
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
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The training loop of one attempt: steps, metrics, checkpoints. */
final class Pretraining {
  private static final Logger LOG = LoggerFactory.getLogger(Pretraining.class);

  /** Two, so that the one before is there when the newest is found damaged. */
  private static final int KEPT_CHECKPOINTS = 2;

  private static final double NANOS = 1e9;

  private final PretrainStageConfig config;
  private final TrainingConfig training;
  private final StageContext context;
  private final TrainingSamples samples;
  private final JsonNode lineage;
  private final Architecture architecture;
  private final CheckpointStore checkpoints;
  private final List<MetricPoint> metrics = new ArrayList<>();

  Pretraining(
      PretrainStageConfig config, StageContext context, TrainingSamples samples, JsonNode lineage) {
    this.config = config;
    this.training = config.training();
    this.context = context;
    this.samples = samples;
    this.lineage = lineage;
    this.architecture = Architecture.of(config.model());
    this.checkpoints = new CheckpointStore(context.work().resolve("checkpoints"));
  }

  /** Trains to the end and returns the final checkpoint. */
  Checkpoint run() throws IOException {
    try (TensorScope scope = Torch.scope()) {
      List<String> problems = new ArrayList<>();
      Optional<Checkpoint> found = checkpoints.newestValid(problems);
      problems.forEach(problem -> LOG.warn("checkpoint set aside: {}", problem));
      TrainingState state;
      if (found.isPresent()) {
        state = TrainingState.empty(scope, architecture);
        CheckpointStore.load(found.get(), state);
        LOG.info("training goes on after step {} of {}", state.step(), found.get().folder());
      } else {
        state = TrainingState.initial(scope, architecture, config.seed());
        if (config.loadFromVanilla() != null) {
          VanillaStart.apply(config.loadFromVanilla(), config.model(), state.weights());
        }
      }
      try (Trainer trainer =
          new Trainer(architecture, training, samples.data(), state, config.seed())) {
        return steps(trainer, state, found);
      }
    }
  }

  private Checkpoint steps(Trainer trainer, TrainingState state, Optional<Checkpoint> found)
      throws IOException {
    Checkpoint last = found.orElse(null);
    double tokensPerSecond = 0;
    double loss = Double.NaN;
    while (state.step() < training.stopSteps()) {
      try {
        context.progress(progress(state.step(), loss, tokensPerSecond));
      } catch (StageCancelledException stop) {
        // What is done so far is kept for whoever goes on.
        if (stop.maySave() && (last == null || last.step() < state.step())) {
          flush();
          save(state);
        }
        throw stop;
      }
      FaultPoints.reach("pretrain.step=" + (state.step() + 1));
      long start = System.nanoTime();
      StepResult result = trainer.step();
      tokensPerSecond = result.tokens() / ((System.nanoTime() - start) / NANOS);
      loss = result.loss();
      boolean end = result.step() == training.stopSteps();
      if (result.step() % training.loggingSteps() == 0 || end) {
        measure(result, tokensPerSecond);
      }
      if (result.step() % training.saveSteps() == 0 || end) {
        metrics.add(new MetricPoint(result.step(), "valid_loss", validate(state)));
        flush();
        last = save(state);
      }
    }
    context.progress(progress(state.step(), loss, tokensPerSecond));
    return last == null ? save(state) : last;
  }

  private void measure(StepResult result, double tokensPerSecond) {
    metrics.addAll(StepMetrics.of(result));
    metrics.add(new MetricPoint(result.step(), "tokens_per_second", tokensPerSecond));
  }

  private double validate(TrainingState state) {
    try (LanguageModel model =
        new LanguageModel(architecture, state.weights(), training.precision())) {
      return Validation.loss(model, samples.valid(), training.validSamples());
    }
  }

  private void flush() {
    context.database().metrics().append(context.claim(), metrics);
    metrics.clear();
  }

  private Checkpoint save(TrainingState state) throws IOException {
    FaultPoints.reach("pretrain.before_save");
    Checkpoint saved = checkpoints.save(state, lineage);
    FaultPoints.reach("pretrain.after_save");
    record(
        saved,
        "work/%s/checkpoints/%s".formatted(context.stage().key(), saved.folder().getFileName()));
    checkpoints.keepNewest(KEPT_CHECKPOINTS);
    return saved;
  }

  /** Writes a checkpoint into the record; the path is relative to the home. */
  void record(Checkpoint checkpoint, String path) throws IOException {
    context
        .database()
        .checkpoints()
        .record(
            context.claim(),
            new CheckpointRow(
                checkpoint.step(),
                checkpoint.consumedSamples(),
                checkpoint.sha256(),
                path,
                bytes(checkpoint.folder())));
  }

  private StageProgress progress(long step, double loss, double tokensPerSecond) {
    Map<String, Double> values = new HashMap<>();
    if (!Double.isNaN(loss)) {
      values.put("loss", loss);
      values.put("tokens_per_second", tokensPerSecond);
    }
    return new StageProgress("steps", step, training.stopSteps(), values);
  }

  private static long bytes(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
