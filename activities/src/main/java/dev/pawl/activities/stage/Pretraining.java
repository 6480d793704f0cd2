package dev.pawl.activities.stage;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pawl.activities.checkpoint.VanillaStart;
import dev.pawl.activities.protocol.AttemptPhase;
import dev.pawl.activities.protocol.FaultPoints;
import dev.pawl.activities.protocol.StageCancelledException;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageProgress;
import dev.pawl.activities.protocol.StageRestsException;
import dev.pawl.db.FencedException;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.SkippedRange;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.AnomalyConfig;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.generation.LanguageModel;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import dev.pawl.model.training.StepResult;
import dev.pawl.model.training.Trainer;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The training loop of one attempt. */
final class Pretraining {
  private static final Logger LOG = LoggerFactory.getLogger(Pretraining.class);

  private static final double NANOS = 1e9;

  /** In a lineage: seconds of training until then, where they are limited. */
  private static final String TRAIN_SECONDS = "train_seconds";

  private final PretrainStageConfig config;
  private final TrainingConfig training;
  private final StageContext context;
  private final TrainingSamples samples;
  private final Architecture architecture;
  private final TrainingCheckpoints checkpoints;
  private final TrainingMetrics metrics;
  private final EarlyEnd earlyEnd;
  private boolean firstStart = true;
  private Optional<EndedBy> endedBy = Optional.empty();

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
    this.metrics = new TrainingMetrics(context, config);
    this.earlyEnd = new EarlyEnd(training.earlyEnd());
  }

  /** Trains to the end and returns the final checkpoint. */
  Checkpoint run() throws IOException {
    while (true) {
      Optional<Checkpoint> end = once();
      if (end.isPresent()) {
        return end.get();
      }
    }
  }

  /** What ended the training before its last step, if anything did. */
  Optional<EndedBy> endedBy() {
    return endedBy;
  }

  /** Trains from the newest checkpoint to the end; to no end where it has to go back. */
  private Optional<Checkpoint> once() throws IOException {
    List<SkippedRange> rewinds = SkippedRanges.rewinds(context.database(), context.stage().key());
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = start(scope, rewinds);
      try (Trainer trainer =
          new Trainer(architecture, training, samples.data(), state, config.seed(), rewinds)) {
        return steps(trainer, state);
      }
    } catch (FencedException lost) {
      checkpoints.abandon();
      throw lost;
    }
  }

  /** The state to go on from: that of the newest checkpoint, or the initial one. */
  private TrainingState start(TensorScope scope, List<SkippedRange> rewinds) throws IOException {
    Optional<Checkpoint> found = checkpoints.find(rewinds);
    if (found.isPresent()) {
      TrainingState state = TrainingState.empty(scope, architecture);
      load(found.get(), state);
      context.time().resumedAfter(state.step());
      endedBy = EndedBy.of(found.get().lineage().path(EndedBy.KEY).asText());
      if (firstStart) {
        earlyEnd.goOn(found.get().lineage().path(TRAIN_SECONDS).asDouble());
      }
      firstStart = false;
      LOG.info("training goes on after step {} of {}", state.step(), found.get().folder());
      return state;
    }
    firstStart = false;
    TrainingState state = TrainingState.initial(scope, architecture, config.seed());
    context.time().resumedAfter(state.step());
    if (config.loadFromVanilla() != null) {
      VanillaStart.apply(config.loadFromVanilla(), config.model(), state.weights());
    }
    return state;
  }

  private void load(Checkpoint found, TrainingState state) {
    context
        .observer()
        .during(
            AttemptPhase.CHECKPOINT_LOAD,
            () -> {
              TrainingCheckpoints.load(found, state);
              return state;
            });
  }

  private Optional<Checkpoint> steps(Trainer trainer, TrainingState state) throws IOException {
    long target = target();
    double tokensPerSecond = 0;
    double loss = Double.NaN;
    while (state.step() < target && endedBy.isEmpty()) {
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
      trainer.passOver();
      if (!trainer.hasData()) {
        end(EndedBy.SAMPLES, state);
        break;
      }
      boolean writing = checkpoints.writing();
      long start = System.nanoTime();
      StepResult result = trainer.step();
      double seconds = (System.nanoTime() - start) / NANOS;
      checkpoints.stepped(state, seconds, writing);
      if (result.skipped().isPresent() && result.skipped().get().rewound()) {
        rewind(result.skipped().get());
        return Optional.empty();
      }
      result.skipped().ifPresent(this::skip);
      tokensPerSecond = result.tokens() / seconds;
      loss = result.loss();
      context.observer().trained(result.tokens(), seconds);
      afterStep(trainer, state, result, seconds, tokensPerSecond);
    }
    metrics.flush();
    if (endedBy.isEmpty() && state.step() < training.stopSteps()) {
      rest(state);
    }
    context.progress(progress(state.step(), loss, tokensPerSecond));
    return Optional.of(checkpoints.saved(state));
  }

  /** The step to stop at: where the training rests, or its last one. */
  private long target() {
    long rest = context.request().restAfter();
    return rest > 0 ? Math.min(rest, training.stopSteps()) : training.stopSteps();
  }

  /** Ends the attempt with a checkpoint of this very state; the next one goes on from it. */
  private void rest(TrainingState state) throws IOException {
    saveNow(state);
    throw new StageRestsException(
        "rests after step %d of %d".formatted(state.step(), training.stopSteps()));
  }

  private void afterStep(
      Trainer trainer,
      TrainingState state,
      StepResult result,
      double seconds,
      double tokensPerSecond)
      throws IOException {
    long step = result.step();
    boolean end = step == training.stopSteps();
    if (!end) {
      earlyEnd.after(result, seconds).ifPresent(reason -> end(reason, state));
      if (endedBy.isEmpty() && !trainer.hasData()) {
        end(EndedBy.SAMPLES, state);
      }
    }
    long start = System.nanoTime();
    boolean validated = step % training.validSteps() == 0 || end || endedBy.isPresent();
    if (validated) {
      double valid = validate(state);
      metrics.add(step, StepMetrics.VALID_LOSS, valid);
      if (!end && endedBy.isEmpty()) {
        earlyEnd.valid(valid).ifPresent(reason -> end(reason, state));
      }
    }
    boolean last = end || endedBy.isPresent();
    if (step % training.loggingSteps() == 0 || last) {
      metrics.step(result, tokensPerSecond);
    }
    if (validated) {
      metrics.flush();
    }
    AnomalyConfig anomalies = training.anomalies();
    boolean mayGoBackHere = anomalies.mayRewind() && anomalies.rewindPoint(step) == step;
    if (checkpoints.due(state, validated) || last || mayGoBackHere) {
      metrics.add(step, StepMetrics.SAVE_STALL_SECONDS, save(state));
      earlyEnd.saved((System.nanoTime() - start) / NANOS);
    }
  }

  private double save(TrainingState state) throws IOException {
    metrics.flush();
    sayTime();
    return checkpoints.save(state);
  }

  /** What is done so far is kept for whoever goes on: on disk and in the record on return. */
  private void saveNow(TrainingState state) throws IOException {
    if (state.step() > 0) {
      metrics.flush();
      sayTime();
      checkpoints.saved(state);
      checkpoints.copied();
    }
  }

  private void sayTime() {
    if (earlyEnd.timed()) {
      checkpoints.say(TRAIN_SECONDS, DoubleNode.valueOf(earlyEnd.seconds()));
    }
  }

  private void end(EndedBy reason, TrainingState state) {
    LOG.info("training ends after step {}: {}", state.step(), reason.id());
    endedBy = Optional.of(reason);
    checkpoints.say(EndedBy.KEY, TextNode.valueOf(reason.id()));
  }

  private void skip(SkippedRange range) {
    LOG.warn("update left out: {}", range);
    context.database().skippedRanges().skip(context.claim(), SkippedRanges.row(range));
  }

  /** Takes back the steps after the one to go on from; the record knows first. */
  private void rewind(SkippedRange range) throws IOException {
    LOG.warn("training goes back to step {}: {}", range.step(), range);
    FaultPoints.reach("pretrain.before_rewind", range.step());
    metrics.discard();
    checkpoints.settle();
    context.database().skippedRanges().rewind(context.claim(), SkippedRanges.row(range));
    FaultPoints.reach("pretrain.after_rewind", range.step());
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
    if (Double.isFinite(loss)) {
      values.put("loss", loss);
      values.put("tokens_per_second", tokensPerSecond);
    }
    return new StageProgress("steps", step, training.stopSteps(), values);
  }
}
