package dev.pawl.activities.checkpoint;

import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.config.Precision;
import dev.pawl.model.generation.LanguageModel;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.TensorType;
import dev.pawl.model.torch.Torch;
import dev.pawl.model.weights.WeightLoader;
import java.util.Map;

/** A stored model in memory, ready to score and to generate. */
public final class InferenceModel implements AutoCloseable {
  private final TensorScope scope;
  private final LanguageModel model;

  private InferenceModel(TensorScope scope, LanguageModel model) {
    this.scope = scope;
    this.model = model;
  }

  /**
   * Loads a model.
   *
   * @param precision of the whole computation; fp64 from the stored values, not from rounded ones
   * @throws dev.pawl.model.failure.PawlException with every tensor that does not fit
   */
  public static InferenceModel load(StoredModel stored, Precision precision) {
    Architecture architecture = Architecture.of(stored.config());
    TensorScope scope = Torch.scope();
    try {
      TensorType type = precision == Precision.FP64 ? TensorType.FP64 : TensorType.FP32;
      Map<String, Tensor> weights =
          WeightLoader.load(stored.weights(), architecture, scope, type, stored.mismatch());
      return new InferenceModel(scope, new LanguageModel(architecture, weights, precision));
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  public LanguageModel model() {
    return model;
  }

  @Override
  public void close() {
    model.close();
    scope.close();
  }
}
