package dev.pawl.model.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The most likely token beside a plain search for the first of the largest numbers. */
class MostLikelyTest {
  private static final int ROWS = 40;
  // TorchScript's numbers of fp32, fp64 and bf16.
  private static final long[] TYPES = {6, 7, 15};

  @BeforeAll
  static void engine() {
    Torch.start(2);
  }

  // Vocabularies of whole parts of 128 tokens, of one, and of others.
  @ParameterizedTest
  @ValueSource(ints = {128, 384, 1024, 1, 127, 129, 300})
  void isTheFirstOfTheLargest(int vocabulary) {
    SplittableRandom random = new SplittableRandom(vocabulary);
    double[] logits = new double[ROWS * vocabulary];
    long[] expected = new long[ROWS];
    for (int row = 0; row < ROWS; row++) {
      // Few different values, so that most rows have several largest ones, and all of them
      // negative.
      int values = row % 2 == 0 ? 3 : 100;
      int best = 0;
      for (int i = 0; i < vocabulary; i++) {
        logits[row * vocabulary + i] = random.nextInt(values) - values;
        if (logits[row * vocabulary + i] > logits[row * vocabulary + best]) {
          best = i;
        }
      }
      expected[row] = best;
    }
    try (TensorScope scope = Torch.scope();
        Program probe =
            Torch.load("choice_probe", "ChoiceProbe", List.of("neox", "linear"), Map.of())) {
      for (long type : TYPES) {
        Value given = Value.of(scope, scope.doubles(logits, ROWS, vocabulary));
        long[] found =
            probe.infer(scope, "most_likely", given, Value.of(scope, type)).tensor(scope).toLongs();
        assertArrayEquals(expected, found, "type " + type);
      }
    }
  }
}
