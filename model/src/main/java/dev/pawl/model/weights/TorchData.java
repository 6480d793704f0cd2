package dev.pawl.model.weights;

import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A tensor of the runtime as a source of elements. */
public record TorchData(Tensor tensor) implements TensorData {
  /** All tensors of a map, order kept. */
  public static Map<String, TensorData> of(Map<String, Tensor> tensors) {
    Map<String, TensorData> data = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> data.put(name, new TorchData(tensor)));
    return data;
  }

  /** The stored format that holds a type's values exactly. */
  static NumberFormat formatOf(TensorType type) {
    return switch (type) {
      case FP32 -> NumberFormat.F32;
      case FP64 -> NumberFormat.F64;
      case INT64, BOOL ->
          throw new IllegalArgumentException("weights are floating-point numbers, not " + type);
    };
  }

  @Override
  public NumberFormat format() {
    return formatOf(tensor.type());
  }

  @Override
  public List<Long> shape() {
    return Arrays.stream(tensor.shape()).boxed().toList();
  }

  @Override
  public void read(long first, ByteBuffer into) throws IOException {
    tensor.read(first, into);
  }
}
