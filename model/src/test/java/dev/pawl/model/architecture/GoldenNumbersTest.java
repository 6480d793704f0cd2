package dev.pawl.model.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pawl.model.config.ModelConfig;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reference vectors of block-transformer.md 10, met in fp64 to 1e-8. */
class GoldenNumbersTest {
  private static final double TOLERANCE = 1e-8;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 4.0865488657 | 3.92055104 3.93716266 3.91049174 4.61118959 | -0.24918112 0.28604404 -0.27575434 0.22000822 | 2.8542538159",
        "2 | 4.0995141630 | 3.96456558 3.93773861 3.91077436 4.61196781 | -0.14840835 0.11622028 -0.06487400 0.00283364 | 2.8177335634",
        "4 | 4.1082954631 | 3.99248243 3.93921516 3.91115617 4.61349069 | -0.28395451 0.27844731 -0.22703977 0.13820611 | 2.8520496569"
      })
  void prefixDecoderMeetsTheReference(
      int expansionRatio, double loss, String positions, String logits, double gradientNorm) {
    try (GoldenModel model = new GoldenModel(GoldenModel.prefix(expansionRatio))) {
      double[] losses = model.lossAndGradients(GoldenModel.IDS, GoldenModel.MASK, 1);
      assertEquals(loss, losses[0], TOLERANCE);
      assertArrayEquals(numbers(positions), Arrays.copyOfRange(losses, 4, 8), TOLERANCE);
      double[] all = model.logits(GoldenModel.IDS, GoldenModel.MASK);
      assertArrayEquals(numbers(logits), Arrays.copyOf(all, 4), TOLERANCE);
      assertEquals(gradientNorm, model.gradientNorm(), TOLERANCE);
    }
  }

  @Test
  void paddedTargetsHaveZeroLogits() {
    try (GoldenModel model = new GoldenModel(GoldenModel.prefix(2))) {
      double[] all = model.logits(GoldenModel.IDS, GoldenModel.MASK);
      int padded = ((3 + 1) * 4 + 3) * 48;
      assertArrayEquals(new double[48], Arrays.copyOfRange(all, padded, padded + 48), 0);
    }
  }

  @Test
  void embedderGradientMeetsTheReference() {
    try (GoldenModel model = new GoldenModel(GoldenModel.prefix(2))) {
      model.lossAndGradients(GoldenModel.IDS, GoldenModel.MASK, 1);
      double[] gradient = model.gradients.get("embedder.embeddings.weight").toDoubles();
      assertEquals(0.4958188890, Arrays.stream(gradient).map(Math::abs).sum(), TOLERANCE);
    }
  }

  @Test
  void vanillaMeetsTheReference() {
    try (GoldenModel model = new GoldenModel(GoldenModel.vanilla())) {
      byte[] mask = new byte[16];
      Arrays.fill(mask, (byte) 1);
      assertEquals(
          4.3215165658, model.lossAndGradients(GoldenModel.PROMPTS, mask, 1)[0], TOLERANCE);
      assertArrayEquals(
          numbers("1.06662264 -0.97173169 0.71665669 -0.34344522"),
          Arrays.copyOfRange(model.logits(GoldenModel.PROMPTS, mask), 7 * 48, 7 * 48 + 4),
          TOLERANCE);
      assertEquals(8.5802562553, model.gradientNorm(), TOLERANCE);
    }
  }

  @Test
  void twoHalvesOfAWeightAddUpToTheWholeGradient() {
    for (ModelConfig config : new ModelConfig[] {GoldenModel.vanilla(), GoldenModel.prefix(2)}) {
      try (GoldenModel model = new GoldenModel(config)) {
        model.lossAndGradients(GoldenModel.IDS, GoldenModel.MASK, 1);
        double whole = model.gradientNorm();
        model.lossAndGradients(GoldenModel.IDS, GoldenModel.MASK, -0.5);
        model.lossAndGradients(GoldenModel.IDS, GoldenModel.MASK, -0.25);
        assertEquals(0.25 * whole, model.gradientNorm(), TOLERANCE);
      }
    }
  }

  private static double[] numbers(String text) {
    return Arrays.stream(text.trim().split(" ")).mapToDouble(Double::parseDouble).toArray();
  }
}
