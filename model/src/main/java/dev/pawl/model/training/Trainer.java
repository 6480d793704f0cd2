package dev.pawl.model.training;

import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.Weights;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.ActivationRecompute;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.dataset.TokenBuffer;
import dev.pawl.model.failure.FailureCause;
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
  private final Program model;
  private final Program optimizer;
  private final TensorScope scope;
  private final Map<String, Tensor> gradients;
  private TokenBuffer batch;

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
    this.architecture = architecture;
    this.config = config;
    this.data = data;
    this.state = state;
    this.seed = seed;
    this.schedule = new LearningRateSchedule(config);
    this.model =
        architecture.load(
            config.precision(), config.activationRecompute() == ActivationRecompute.FULL);
    this.optimizer = Torch.load("adamw", "AdamW", List.of(), Map.of());
    this.scope = Torch.scope();
    this.gradients = Weights.trainedZeros(scope, architecture, TensorType.FP32);
    this.batch = new TokenBuffer(data.bufferType(), 0);
  }

  /**
   * Does one optimizer step and moves the state.
   *
   * @throws PawlException NUMERIC when loss or gradient norm is not finite; the weights are as
   *     before
   */
  public StepResult step() {
    int microBatches = config.totalBatchSize() / config.perDeviceTrainBatchSize();
    try (TensorScope step = scope.child()) {
      optimizer.train(step, "clear", new Arguments().list("tensors", gradients.values()));
      int names = architecture.losses().size();
      Averages losses = new Averages(names);
      for (int i = 0; i < microBatches; i++) {
        losses.add(microBatch(step, i, 1.0 / microBatches));
      }
      double rate = schedule.after(state.step());
      double[] means = losses.means();
      finite(means[0], "loss");
      double norm = update(step, rate);
      state.moveTo(state.step() + 1, state.consumedSamples() + config.totalBatchSize());
      Map<String, Double> named = new LinkedHashMap<>();
      for (int j = 1; j < names; j++) {
        named.put(architecture.losses().get(j), means[j]);
      }
      List<Double> positions = new ArrayList<>();
      for (int j = names; j < means.length; j++) {
        positions.add(means[j]);
      }
      long tokens = (long) config.totalBatchSize() * config.maxLength();
      return new StepResult(state.step(), means[0], named, positions, rate, norm, tokens);
    }
  }

  private double[] microBatch(TensorScope step, int index, double weight) {
    int samples = config.perDeviceTrainBatchSize();
    int length = config.maxLength() + data.extraTokens();
    TokenBuffer ids = buffer(samples * length);
    byte[] mask = new byte[samples * length];
    long first = state.consumedSamples() + (long) index * samples;
    for (int i = 0; i < samples; i++) {
      data.read(first + i, ids, mask, i * length, length);
    }
    Arguments arguments =
        new Arguments()
            .dictionary("weights", architecture.trained(state.weights()))
            .dictionary("gradients", gradients)
            .tensor("ids", step.ids(ids.bytes(), samples, length))
            .tensor("mask", step.mask(mask, samples, length))
            .tensor("weight", step.doubles(weight))
            .tensor(
                "seed",
                step.longs(
                    new long[] {Seeds.derive(seed, "dropout", state.step(), index) >>> 2}, 1));
    return model.train(step, "loss_and_gradients", arguments).get(0).toDoubles();
  }

  // Direct memory is dear to come by, and the runtime has copied it when the micro batch ends.
  private TokenBuffer buffer(int tokens) {
    if (batch.size() != tokens) {
      batch = new TokenBuffer(data.bufferType(), tokens);
    }
    return batch;
  }

  private double update(TensorScope step, double rate) {
    Tensor count = step.zeros(TensorType.FP32, 1);
    count.set(TensorScope.direct(4).putFloat((float) (state.step() + 1)).flip());
    Collection<Tensor> counts = Collections.nCopies(gradients.size(), count);
    Tensor recipe =
        step.doubles(
            rate,
            config.adamBeta1(),
            config.adamBeta2(),
            config.adamEpsilon(),
            config.weightDecay(),
            config.maxGradNorm());
    double norm =
        optimizer
            .train(step, "norm", new Arguments().list("gradients", gradients.values()))
            .get(0)
            .toDoubles()[0];
    finite(norm, "gradient norm");
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
    return norm;
  }

  private void finite(double value, String what) {
    if (!Double.isFinite(value)) {
      throw new PawlException(
          FailureCause.NUMERIC,
          "%s of step %d of the %s model is %s: lower learning_rate, lengthen num_warmup_steps, or use"
                  .formatted(what, state.step() + 1, architecture.program(), value)
              + " precision fp32");
    }
  }

  @Override
  public void close() {
    scope.close();
    optimizer.close();
    model.close();
  }
}
