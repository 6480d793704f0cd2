package dev.pawl.activities.stage;

import dev.pawl.activities.checkpoint.VanillaStart;
import dev.pawl.activities.protocol.FaultPoints;
import dev.pawl.activities.protocol.StageCancelledException;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageProgress;
import dev.pawl.db.FencedException;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.generation.LanguageModel;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import dev.pawl.model.training.StepResult;
import dev.pawl.model.training.Trainer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The training loop of one attempt. */
final class Pretraining {
  private static final Logger LOG = LoggerFactory.getLogger(Pretraining.class);

  private static final double NANOS = 1e9;

  private final PretrainStageConfig config;
  private final TrainingConfig training;
  private final StageContext context;
  private final TrainingSamples samples;
  private final Architecture architecture;
  private final TrainingCheckpoints checkpoints;
  private final TrainingMetrics metrics;

  Pretraining(
      PretrainStageConfig config,
      StageContext context,
      TrainingSamples samples,
      TrainingCheckpoints checkpoints) {
    this.config = config;
    this.training = config.training();
    this.context = context;
    this.samples = samples;
    this.architecture = Architecture.of(config.model());
    this.checkpoints = checkpoints;
    this.metrics = new TrainingMetrics(context);
  }

  /** Trains to the end and returns the final checkpoint, written and recorded. */
  Checkpoint run() throws IOException {
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = start(scope);
      try (Trainer trainer =
          new Trainer(architecture, training, samples.data(), state, config.seed())) {
        return steps(trainer, state);
      }
    } catch (FencedException lost) {
      checkpoints.abandon();
      throw lost;
    }
  }

  /** The state to go on from: that of the newest checkpoint, or the initial one. */
  private TrainingState start(TensorScope scope) throws IOException {
    Optional<Checkpoint> found = checkpoints.find();
    if (found.isPresent()) {
      TrainingState state = TrainingState.empty(scope, architecture);
      TrainingCheckpoints.load(found.get(), state);
      context.time().resumedAfter(state.step());
      LOG.info("training goes on after step {} of {}", state.step(), found.get().folder());
      return state;
    }
    TrainingState state = TrainingState.initial(scope, architecture, config.seed());
    context.time().resumedAfter(state.step());
    if (config.loadFromVanilla() != null) {
      VanillaStart.apply(config.loadFromVanilla(), config.model(), state.weights());
    }
    return state;
  }

  private Checkpoint steps(Trainer trainer, TrainingState state) throws IOException {
    double tokensPerSecond = 0;
    double loss = Double.NaN;
    while (state.step() < training.stopSteps()) {
      try {
        context.progress(progress(state.step(), loss, tokensPerSecond));
      } catch (StageCancelledException stop) {
        if (stop.maySave()) {
          saveNow(state);
        } else {
          checkpoints.abandon();
        }
        throw stop;
      }
      checkpoints.check();
      FaultPoints.reach("pretrain.step", state.step() + 1);
      boolean writing = checkpoints.writing();
      long start = System.nanoTime();
      StepResult result = trainer.step();
      double seconds = (System.nanoTime() - start) / NANOS;
      checkpoints.stepped(state, seconds, writing);
      tokensPerSecond = result.tokens() / seconds;
      loss = result.loss();
      boolean end = result.step() == training.stopSteps();
      if (result.step() % training.loggingSteps() == 0 || end) {
        metrics.step(result, tokensPerSecond);
      }
      boolean validated = result.step() % training.validSteps() == 0 || end;
      if (validated) {
        metrics.add(result.step(), StepMetrics.VALID_LOSS, validate(state));
        metrics.flush();
      }
      if (checkpoints.due(state, validated) || end) {
        metrics.flush();
        double stall = checkpoints.save(state);
        metrics.add(result.step(), StepMetrics.SAVE_STALL_SECONDS, stall);
      }
    }
    metrics.flush();
    context.progress(progress(state.step(), loss, tokensPerSecond));
    return checkpoints.saved(state);
  }

  /** What is done so far is kept for whoever goes on: on disk and in the record on return. */
  private void saveNow(TrainingState state) throws IOException {
    if (state.step() > 0) {
      metrics.flush();
      checkpoints.saved(state);
    }
  }

  private double validate(TrainingState state) {
    try (LanguageModel model =
        new LanguageModel(architecture, state.weights(), training.precision())) {
      return Validation.loss(
          model,
          samples.valid(),
          training.validSamples(),
          () -> FaultPoints.reach("pretrain.validation", state.step()));
    }
  }

  private StageProgress progress(long step, double loss, double tokensPerSecond) {
    Map<String, Double> values = new HashMap<>();
    if (!Double.isNaN(loss)) {
      values.put("loss", loss);
      values.put("tokens_per_second", tokensPerSecond);
    }
    return new StageProgress("steps", step, training.stopSteps(), values);
  }
}
