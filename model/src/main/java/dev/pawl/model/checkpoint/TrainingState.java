package dev.pawl.model.checkpoint;

import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.Weights;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.TensorType;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All that the next training step depends on besides configuration and data. Randomness needs no
 * state: it is a function of seed and step.
 */
public final class TrainingState {
  private final Map<String, Tensor> weights;
  private final Map<String, Tensor> firstMoments;
  private final Map<String, Tensor> secondMoments;
  private long step;
  private long consumedSamples;

  private TrainingState(
      Map<String, Tensor> weights,
      Map<String, Tensor> firstMoments,
      Map<String, Tensor> secondMoments) {
    this.weights = weights;
    this.firstMoments = firstMoments;
    this.secondMoments = secondMoments;
  }

  /** The state before the first step; its tensors belong to the scope. */
  public static TrainingState initial(TensorScope scope, Architecture architecture, long seed) {
    return new TrainingState(
        Weights.initial(scope, architecture, seed),
        Weights.zeros(scope, architecture, TensorType.FP32),
        Weights.zeros(scope, architecture, TensorType.FP32));
  }

  /** A state to load a checkpoint into. */
  public static TrainingState empty(TensorScope scope, Architecture architecture) {
    return new TrainingState(
        Weights.zeros(scope, architecture, TensorType.FP32),
        Weights.zeros(scope, architecture, TensorType.FP32),
        Weights.zeros(scope, architecture, TensorType.FP32));
  }

  public Map<String, Tensor> weights() {
    return weights;
  }

  public Map<String, Tensor> firstMoments() {
    return firstMoments;
  }

  public Map<String, Tensor> secondMoments() {
    return secondMoments;
  }

  /** Optimizer steps done. */
  public long step() {
    return step;
  }

  /** Samples used by the steps done. */
  public long consumedSamples() {
    return consumedSamples;
  }

  /** Sets the position after a step or a load. */
  public void moveTo(long newStep, long newConsumedSamples) {
    step = newStep;
    consumedSamples = newConsumedSamples;
  }

  /** Both moments under the names of the optimizer file. */
  Map<String, Tensor> moments() {
    Map<String, Tensor> moments = new LinkedHashMap<>();
    firstMoments.forEach((name, tensor) -> moments.put("exp_avg." + name, tensor));
    secondMoments.forEach((name, tensor) -> moments.put("exp_avg_sq." + name, tensor));
    return moments;
  }
}
