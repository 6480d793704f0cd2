package dev.pawl.model.checkpoint;

import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.Weights;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /**
   * A copy in the memory of the host, for a writer that works while training goes on.
   *
   * @param scope owner of new tensors
   * @param before an earlier copy of the same training, whose memory is used again
   * @throws PawlException MEMORY when there is no room for it
   */
  public TrainingState snapshot(TensorScope scope, @Nullable TrainingState before) {
    TrainingState copy = before == null ? room(scope) : before;
    copy(weights, copy.weights);
    copy(firstMoments, copy.firstMoments);
    copy(secondMoments, copy.secondMoments);
    copy.moveTo(step, consumedSamples, anomalies);
    return copy;
  }

  private TrainingState room(TensorScope scope) {
    try {
      return empty(scope, architecture);
    } catch (RuntimeException e) {
      if (!String.valueOf(e.getMessage()).contains("can't allocate memory")) {
        throw e;
      }
      throw new PawlException(
          FailureCause.MEMORY,
          "there is no memory for the copy that checkpoints are written from, %,d bytes: set"
                  .formatted(bytes())
              + " training.checkpoints.async_save=false",
          e);
    }
  }

  private static void copy(Map<String, Tensor> from, Map<String, Tensor> into) {
    from.forEach((name, tensor) -> into.get(name).copyFrom(tensor));
  }

  /** Bytes of all tensors, as a checkpoint stores them. */
  public long bytes() {
    long bytes = 0;
    for (Map<String, Tensor> tensors : List.of(stored(), moments())) {
      for (Tensor tensor : tensors.values()) {
        bytes += tensor.size() * tensor.type().bytes();
      }
    }
    return bytes;
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
