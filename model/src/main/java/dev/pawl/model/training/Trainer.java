package dev.pawl.model.training;

import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.Weights;
import dev.pawl.model.checkpoint.AnomalyState;
import dev.pawl.model.checkpoint.SkippedRange;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.ActivationRecompute;
import dev.pawl.model.config.BatchSizes;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.dataset.TokenBuffer;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.random.Seeds;
import dev.pawl.model.torch.Arguments;
import dev.pawl.model.torch.Program;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.TensorType;
import dev.pawl.model.torch.Torch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs optimizer steps on a state. A step is a pure function of state, configuration and data: the
 * same machine kind and thread count give the same bits. Not thread-safe.
 */
public final class Trainer implements AutoCloseable {
  private final Architecture architecture;
  private final TrainingConfig config;
  private final TrainingData data;
  private final TrainingState state;
  private final long seed;
  private final LearningRateSchedule schedule;
  private final BatchSizes sizes;
  private final AnomalyWatch watch;
  private final List<SkippedRange> rewinds;
  private final Program model;
  private final Program optimizer;
  private final TensorScope scope;
  private final Map<String, Tensor> gradients;
  private TokenBuffer batch;
  private byte[] mask;

  /**
   * A trainer over a state, which stays the caller's.
   *
   * @param seed of all that is random within a step
   */
  public Trainer(
      Architecture architecture,
      TrainingConfig config,
      TrainingData data,
      TrainingState state,
      long seed) {
    this(architecture, config, data, state, seed, List.of());
  }

  /**
   * A trainer that knows where the training went back before.
   *
   * @param rewinds ranges that were passed over where they begin, in order
   */
  public Trainer(
      Architecture architecture,
      TrainingConfig config,
      TrainingData data,
      TrainingState state,
      long seed,
      List<SkippedRange> rewinds) {
    this.architecture = architecture;
    this.config = config;
    this.data = data;
    this.state = state;
    this.seed = seed;
    this.schedule = new LearningRateSchedule(config);
    this.sizes = config.batchSizes();
    this.watch = new AnomalyWatch(config, architecture.program());
    this.rewinds = List.copyOf(rewinds);
    this.model =
        architecture.load(
            config.precision(), config.activationRecompute() == ActivationRecompute.FULL);
    this.optimizer = Torch.load("adamw", "AdamW", List.of(), Map.of());
    this.scope = Torch.scope();
    this.gradients = Weights.trainedZeros(scope, architecture, TensorType.FP32);
    this.batch = new TokenBuffer(data.bufferType(), 0);
    this.mask = new byte[0];
  }

  /**
   * Passes over what a rewind left out at this place. Done by every step; whoever asks for the
   * position or the data in between calls it.
   */
  public void passOver() {
    for (SkippedRange range : rewinds) {
      if (range.step() == state.step() && range.firstSample() == state.consumedSamples()) {
        state.moveTo(state.step(), range.end(), state.anomalies().skip(range));
      }
    }
  }

  /** Whether there is data for another step. */
  public boolean hasData() {
    return state.consumedSamples() + sizes.at(state.consumedSamples()) <= data.samples();
  }

  /**
   * Does one optimizer step and moves the state.
   *
   * @throws PawlException NUMERIC when something is wrong with the step and the recipe says stop,
   *     or too much was left out before; the weights are as before
   */
  public StepResult step() {
    passOver();
    int batch = sizes.at(state.consumedSamples());
    int microBatches = batch / config.perDeviceTrainBatchSize();
    try (TensorScope step = scope.child()) {
      optimizer.train(step, "clear", new Arguments().list("tensors", gradients.values()));
      Averages losses = new Averages(architecture.losses().size());
      for (int i = 0; i < microBatches; i++) {
        losses.add(microBatch(step, i, 1.0 / microBatches));
      }
      double[] means = losses.means();
      Optional<SkippedRange> wrong = watch.loss(state, batch, means[0]);
      double norm = wrong.isPresent() ? Double.NaN : norm(step);
      if (wrong.isEmpty()) {
        wrong = watch.norm(state, batch, norm);
      }
      double rate = schedule.after(state.updates(), state.trainedSamples());
      long number = state.step() + 1;
      if (wrong.isEmpty()) {
        update(step, rate, norm);
        AnomalyState seen = watch.good(state.anomalies(), means[0]);
        state.moveTo(number, state.consumedSamples() + batch, seen);
      } else if (!wrong.get().rewound()) {
        AnomalyState seen = state.anomalies().skip(wrong.get());
        state.moveTo(number, state.consumedSamples() + batch, seen);
      }
      return result(number, means, rate, norm, batch, wrong);
    }
  }

  private StepResult result(
      long number,
      double[] means,
      double rate,
      double norm,
      int batch,
      Optional<SkippedRange> wrong) {
    int names = architecture.losses().size();
    Map<String, Double> named = new LinkedHashMap<>();
    for (int j = 1; j < names; j++) {
      named.put(architecture.losses().get(j), means[j]);
    }
    List<Double> positions = new ArrayList<>();
    for (int j = names; j < means.length; j++) {
      positions.add(means[j]);
    }
    long tokens = (long) batch * config.maxLength();
    return new StepResult(number, means[0], named, positions, rate, norm, tokens, wrong);
  }

  private double[] microBatch(TensorScope step, int index, double weight) {
    int samples = config.perDeviceTrainBatchSize();
    int length = config.maxLength() + data.extraTokens();
    makeRoom(samples * length);
    long first = state.consumedSamples() + (long) index * samples;
    for (int i = 0; i < samples; i++) {
      data.read(first + i, batch, mask, i * length, length);
    }
    Arguments arguments =
        new Arguments()
            .dictionary("weights", architecture.trained(state.weights()))
            .dictionary("gradients", gradients)
            .tensor("ids", step.ids(batch.bytes(), samples, length))
            .tensor("mask", step.mask(mask, samples, length))
            .tensor("weight", step.doubles(weight))
            .tensor(
                "seed",
                step.longs(
                    new long[] {Seeds.derive(seed, "dropout", state.step(), index) >>> 2}, 1));
    return model.train(step, "loss_and_gradients", arguments).get(0).toDoubles();
  }

  // Fresh memory is dear to come by, and the runtime has copied this when the micro batch ends.
  private void makeRoom(int tokens) {
    if (batch.size() != tokens) {
      batch = new TokenBuffer(data.bufferType(), tokens);
      mask = new byte[tokens];
    }
  }

  private double norm(TensorScope step) {
    return optimizer
        .train(step, "norm", new Arguments().list("gradients", gradients.values()))
        .get(0)
        .toDoubles()[0];
  }

  private void update(TensorScope step, double rate, double norm) {
    Tensor count = step.zeros(TensorType.FP32, 1);
    count.set(TensorScope.direct(4).putFloat((float) (state.updates() + 1)).flip());
    Collection<Tensor> counts = Collections.nCopies(gradients.size(), count);
    Tensor recipe =
        step.doubles(
            rate,
            config.adamBeta1(),
            config.adamBeta2(),
            config.adamEpsilon(),
            schedule.weightDecay(state.trainedSamples()),
            config.maxGradNorm());
    Arguments arguments =
        new Arguments()
            .list("parameters", architecture.trained(state.weights()).values())
            .list("gradients", gradients.values())
            .list("first", state.firstMoments().values())
            .list("second", state.secondMoments().values())
            .list("steps", counts)
            .tensor("norm", step.doubles(norm))
            .tensor("recipe", recipe);
    optimizer.train(step, "step", arguments);
    Collection<Tensor> dead = architecture.dead(state.weights()).values();
    if (!dead.isEmpty()) {
      optimizer.train(
          step, "decay", new Arguments().list("parameters", dead).tensor("recipe", recipe));
    }
  }

  @Override
  public void close() {
    scope.close();
    optimizer.close();
    model.close();
  }
}
