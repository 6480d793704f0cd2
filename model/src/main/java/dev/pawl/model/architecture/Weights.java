package dev.pawl.model.architecture;

import dev.pawl.model.random.Seeds;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.TensorType;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Fresh parameters: a pure function of the seed and each parameter's name. */
public final class Weights {
  private Weights() {}

  /** Zeros in the shapes of the architecture's parameters, in order. */
  public static Map<String, Tensor> zeros(
      TensorScope scope, Architecture architecture, TensorType type) {
    return zeros(scope, architecture.parameters(), type);
  }

  /** Zeros in the shapes of the parameters that have gradients, in order. */
  public static Map<String, Tensor> trainedZeros(
      TensorScope scope, Architecture architecture, TensorType type) {
    return zeros(scope, architecture.trained(), type);
  }

  private static Map<String, Tensor> zeros(
      TensorScope scope, List<ParameterSpec> parameters, TensorType type) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (ParameterSpec parameter : parameters) {
      tensors.put(parameter.name(), scope.zeros(type, parameter.dimensions()));
    }
    return tensors;
  }

  /** Initial fp32 parameters of the architecture, in order. */
  public static Map<String, Tensor> initial(
      TensorScope scope, Architecture architecture, long seed) {
    Map<String, Tensor> tensors = zeros(scope, architecture, TensorType.FP32);
    for (ParameterSpec parameter : architecture.parameters()) {
      Tensor tensor = tensors.get(parameter.name());
      ByteBuffer values = TensorScope.direct(4 * parameter.size());
      fill(values, parameter, seed);
      tensor.set(values.flip());
    }
    return tensors;
  }

  private static void fill(ByteBuffer values, ParameterSpec parameter, long seed) {
    Initializer initializer = parameter.initializer();
    long state = Seeds.derive(seed, parameter.name());
    double deviation = initializer.standardDeviation();
    for (long i = 0; i < parameter.size(); i += 2) {
      if (deviation == 0) {
        put(values, initializer.constant());
        put(values, initializer.constant());
        continue;
      }
      // Box and Muller's pair, from StrictMath: the same bits on every machine and JDK.
      double u = Seeds.unit(state, 2 * i);
      double v = Seeds.unit(state, 2 * i + 1);
      double radius = deviation * Math.sqrt(-2 * StrictMath.log(u));
      put(values, radius * StrictMath.cos(2 * Math.PI * v));
      put(values, radius * StrictMath.sin(2 * Math.PI * v));
    }
    if (initializer.zeroRow() >= 0) {
      int row = Math.toIntExact(parameter.size() / parameter.shape().get(0));
      for (int i = 0; i < row; i++) {
        values.putFloat(4 * (initializer.zeroRow() * row + i), 0);
      }
    }
  }

  private static void put(ByteBuffer values, double value) {
    if (values.hasRemaining()) {
      values.putFloat((float) value);
    }
  }
}
