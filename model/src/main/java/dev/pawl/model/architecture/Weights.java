package dev.pawl.model.architecture;

import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.TensorType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Fresh parameters: a pure function of the seed and each parameter's name. */
public final class Weights {
  private static final double UNIT = 0x1.0p-53;

  private Weights() {}

  /** Zeros in the shapes of the architecture's parameters, in order. */
  public static Map<String, Tensor> zeros(
      TensorScope scope, Architecture architecture, TensorType type) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (ParameterSpec parameter : architecture.parameters()) {
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
    long state = mix(seed);
    for (byte b : parameter.name().getBytes(StandardCharsets.UTF_8)) {
      state = mix(state ^ b);
    }
    double deviation = initializer.standardDeviation();
    for (long i = 0; i < parameter.size(); i += 2) {
      if (deviation == 0) {
        put(values, initializer.constant());
        put(values, initializer.constant());
        continue;
      }
      // Box and Muller's pair, from StrictMath: the same bits on every machine and JDK.
      double u = ((mix(state + 2 * i) >>> 11) + 0.5) * UNIT;
      double v = ((mix(state + 2 * i + 1) >>> 11) + 0.5) * UNIT;
      double radius = deviation * Math.sqrt(-2 * StrictMath.log(u));
      put(values, radius * StrictMath.cos(2 * Math.PI * v));
      put(values, radius * StrictMath.sin(2 * Math.PI * v));
    }
  }

  private static void put(ByteBuffer values, double value) {
    if (values.hasRemaining()) {
      values.putFloat((float) value);
    }
  }

  // SplitMix64's step and finalizer: neighbouring arguments give unrelated values.
  private static long mix(long value) {
    long z = value * 0x9E3779B97F4A7C15L + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
