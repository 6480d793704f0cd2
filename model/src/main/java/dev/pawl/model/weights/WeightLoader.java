package dev.pawl.model.weights;

import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.Weights;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.TensorType;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads stored weights into tensors of the runtime, converting their format on the way. */
public final class WeightLoader {
  private WeightLoader() {}

  /**
   * Loads all parameters of a model; what nothing reads stays zero where the files lack it.
   *
   * @param type FP32, or FP64 to compute in it from the stored values
   * @param mismatch cause of the failure when the files hold another model
   * @throws PawlException that lists every difference, before anything is allocated
   */
  public static Map<String, Tensor> load(
      WeightFiles files,
      Architecture architecture,
      TensorScope scope,
      TensorType type,
      FailureCause mismatch) {
    Map<String, String> names = WeightCheck.match(files, architecture, mismatch);
    Map<String, Tensor> tensors = Weights.zeros(scope, architecture, type);
    Map<String, Tensor> byStoredName = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          String stored = names.get(name);
          if (stored != null) {
            byStoredName.put(stored, tensor);
          }
        });
    fill(files, byStoredName);
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
