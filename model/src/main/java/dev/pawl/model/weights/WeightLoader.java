package dev.pawl.model.weights;

import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.ParameterSpec;
import dev.pawl.model.architecture.Weights;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.TensorType;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads stored weights into tensors of the runtime, converting their format on the way. */
public final class WeightLoader {
  private WeightLoader() {}

  /** Shapes of a model's parameters by name, in order. */
  public static Map<String, List<Long>> shapes(Architecture architecture) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    for (ParameterSpec parameter : architecture.parameters()) {
      shapes.put(parameter.name(), parameter.shape());
    }
    return shapes;
  }

  /**
   * Loads all parameters of a model.
   *
   * @param type FP32, or FP64 to compute in it from the stored values
   * @param mismatch cause of the failure when the file holds another model
   * @throws PawlException that lists every difference, before anything is allocated
   */
  public static Map<String, Tensor> load(
      WeightFiles files,
      Architecture architecture,
      TensorScope scope,
      TensorType type,
      FailureCause mismatch) {
    WeightCheck.require(files, shapes(architecture), Set.of(), mismatch);
    Map<String, Tensor> tensors = Weights.zeros(scope, architecture, type);
    fill(files, tensors);
    return tensors;
  }

  /** Fills tensors that exist already; the files hold each under its name and in its shape. */
  public static void fill(WeightFiles files, Map<String, Tensor> tensors) {
    try {
      for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
        fill(files.data(entry.getKey()), entry.getValue());
      }
    } catch (IOException e) {
      throw new PawlException(
          FailureCause.DATA, "%s cannot be read: %s".formatted(files.place(), e), e);
    }
  }

  /** Fills one tensor of the same size. */
  public static void fill(TensorData source, Tensor tensor) throws IOException {
    source.as(TorchData.formatOf(tensor.type())).forEachPiece(tensor::setPart);
  }
}
