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
  private final Architecture architecture;
  private final Map<String, Tensor> weights;
  private final Map<String, Tensor> firstMoments;
  private final Map<String, Tensor> secondMoments;
  private long step;
  private long consumedSamples;
  private AnomalyState anomalies = AnomalyState.NONE;

  private TrainingState(
      Architecture architecture,
      Map<String, Tensor> weights,
      Map<String, Tensor> firstMoments,
      Map<String, Tensor> secondMoments) {
    this.architecture = architecture;
    this.weights = weights;
    this.firstMoments = firstMoments;
    this.secondMoments = secondMoments;
  }

  /** The state before the first step; its tensors belong to the scope. */
  public static TrainingState initial(TensorScope scope, Architecture architecture, long seed) {
    return new TrainingState(
        architecture,
        Weights.initial(scope, architecture, seed),
        Weights.trainedZeros(scope, architecture, TensorType.FP32),
        Weights.trainedZeros(scope, architecture, TensorType.FP32));
  }

  /** A state to load a checkpoint into. */
  public static TrainingState empty(TensorScope scope, Architecture architecture) {
    return new TrainingState(
        architecture,
        Weights.zeros(scope, architecture, TensorType.FP32),
        Weights.trainedZeros(scope, architecture, TensorType.FP32),
        Weights.trainedZeros(scope, architecture, TensorType.FP32));
  }

  /** All parameters, those included that nothing reads. */
  public Map<String, Tensor> weights() {
    return weights;
  }

  /** One for each parameter that has a gradient. */
  public Map<String, Tensor> firstMoments() {
    return firstMoments;
  }

  /** One for each parameter that has a gradient. */
  public Map<String, Tensor> secondMoments() {
    return secondMoments;
  }

  /** Optimizer steps done, those included whose update was left out. */
  public long step() {
    return step;
  }

  /** Position in the data: samples used by the steps done, and samples passed over. */
  public long consumedSamples() {
    return consumedSamples;
  }

  /** What was passed over, and what is expected of the next loss. */
  public AnomalyState anomalies() {
    return anomalies;
  }

  /** Updates that the weights have seen. */
  public long updates() {
    return step - anomalies.skippedSteps();
  }

  /** Samples that the weights have seen. */
  public long trainedSamples() {
    return consumedSamples - anomalies.skippedSamples();
  }

  /** Sets the position after a step. */
  public void moveTo(long newStep, long newConsumedSamples) {
    moveTo(newStep, newConsumedSamples, anomalies);
  }

  /** Sets the position after a step or a load. */
  public void moveTo(long newStep, long newConsumedSamples, AnomalyState newAnomalies) {
    step = newStep;
    consumedSamples = newConsumedSamples;
    anomalies = newAnomalies;
  }

  /** All weights under all names of the model file. */
  Map<String, Tensor> stored() {
    return architecture.stored(weights);
  }

  /** Both moments under the names of the optimizer file. */
  Map<String, Tensor> moments() {
    Map<String, Tensor> moments = new LinkedHashMap<>();
    firstMoments.forEach((name, tensor) -> moments.put("exp_avg." + name, tensor));
    secondMoments.forEach((name, tensor) -> moments.put("exp_avg_sq." + name, tensor));
    return moments;
  }
}
