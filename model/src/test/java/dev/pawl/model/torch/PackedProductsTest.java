package dev.pawl.model.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Products with packed matrices beside products in fp64 by hand. */
class PackedProductsTest {
  // TorchScript's numbers of types.
  private static final long FP32 = 6;
  private static final long FP64 = 7;
  private static final long BF16 = 15;

  private static final int WIDTH = 96;
  private static final int ROWS = 7;
  private static final int MATRIX_ROWS = 200;

  private final double[] x = numbers(1, ROWS * WIDTH);
  private final double[] weight = numbers(2, MATRIX_ROWS * WIDTH);

  @BeforeAll
  static void engine() {
    Torch.start(2);
  }

  // Sixteenths of small integers: bf16 holds them, and fp32 their products and sums.
  private static double[] numbers(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] numbers = new double[count];
    Arrays.setAll(numbers, i -> random.nextInt(-64, 65) / 16.0);
    return numbers;
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "linear_onednn"})
  void aPackedMatrixGivesTheProductWhateverTheNumberOfRows(String file) {
    assumeTrue(file.equals("linear") || file.equals(PackedProducts.file()), "no oneDNN here");
    double[] expected = new double[ROWS * MATRIX_ROWS];
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < MATRIX_ROWS; j++) {
        for (int k = 0; k < WIDTH; k++) {
          expected[i * MATRIX_ROWS + j] += x[i * WIDTH + k] * weight[j * WIDTH + k];
        }
      }
    }
    try (TensorScope scope = Torch.scope();
        Program probe = Torch.load("probe", "Probe", Map.of("linear", file), Map.of())) {
      Value matrix = Value.of(scope, scope.doubles(weight, MATRIX_ROWS, WIDTH));
      for (long type : new long[] {FP32, FP64, BF16}) {
        for (int rows = 1; rows <= ROWS; rows++) {
          Value some = Value.of(scope, scope.doubles(Arrays.copyOf(x, rows * WIDTH), rows, WIDTH));
          double[] product =
              probe
                  .infer(scope, "packed", some, matrix, Value.of(scope, type))
                  .tensor(scope)
                  .toDoubles();
          assertEquals(rows * MATRIX_ROWS, product.length);
          for (int i = 0; i < product.length; i++) {
            // In bf16 only the result is rounded, to 8 bits.
            double allowed = type == BF16 ? Math.abs(expected[i]) / 256 : 0;
            assertEquals(expected[i], product[i], allowed, "type " + type + ", number " + i);
          }
        }
      }
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
  void oneDnnIsUsedWhereTheProcessorHasIt() {
    assertEquals("linear_onednn", PackedProducts.file());
  }
}
