package dev.pawl.model.measurement;

import dev.pawl.model.config.Precision;
import dev.pawl.model.torch.Program;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.TensorType;
import dev.pawl.model.torch.Torch;
import dev.pawl.model.torch.Value;
import java.util.List;
import java.util.Map;

/**
 * What a machine can do at most.
 *
 * @param flopsPerSecond of a large matrix product in the precision of a measurement; a multiply and
 *     an add are two
 * @param bytesPerSecond of a large copy, bytes read and bytes written both counted
 */
public record MachineRates(double flopsPerSecond, double bytesPerSecond) {
  private static final int SIZE = 1024;
  // More than caches hold.
  private static final int COPY_SIZE = 4096;
  private static final int ROUNDS = 7;

  /** Measures this machine; the best of several rounds, as rates are to make a floor. */
  public static MachineRates measure(Precision precision) {
    try (TensorScope scope = Torch.scope();
        Program program = Torch.load("rates", "Rates", List.of(), Map.of())) {
      Value matrix = square(scope, program, SIZE, numberType(precision));
      double product = best(program, "product", matrix, matrix);
      Value source = square(scope, program, COPY_SIZE, numberType(Precision.FP32));
      Value into = square(scope, program, COPY_SIZE, numberType(Precision.FP32));
      double copy = best(program, "copy", into, source);
      return new MachineRates(
          2.0 * SIZE * SIZE * SIZE / product, 2.0 * 4 * COPY_SIZE * COPY_SIZE / copy);
    }
  }

  private static Value square(TensorScope scope, Program program, int size, int type) {
    return program.infer(
        scope,
        "square",
        Value.of(scope, scope.zeros(TensorType.FP32, 1)),
        Value.of(scope, size),
        Value.of(scope, type));
  }

  private static double best(Program program, String method, Value a, Value b) {
    double best = Double.MAX_VALUE;
    for (int round = 0; round <= ROUNDS; round++) {
      try (TensorScope step = Torch.scope()) {
        long start = System.nanoTime();
        program.infer(step, method, a, b);
        double seconds = (System.nanoTime() - start) / 1e9;
        best = round == 0 ? best : Math.min(best, seconds);
      }
    }
    return best;
  }

  private static int numberType(Precision precision) {
    return switch (precision) {
      case FP32 -> 6;
      case FP64 -> 7;
      case BF16 -> 15;
    };
  }
}
