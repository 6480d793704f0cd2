package dev.pawl.model.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pawl.model.config.BlockConfig;
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
        "prefix R1 | 4.0865488657 | 3.92055104 3.93716266 3.91049174 4.61118959 | -0.24918112 0.28604404 -0.27575434 0.22000822 | 2.8542538159",
        "prefix R2 | 4.0995141630 | 3.96456558 3.93773861 3.91077436 4.61196781 | -0.14840835 0.11622028 -0.06487400 0.00283364 | 2.8177335634",
        "prefix R4 | 4.1082954631 | 3.99248243 3.93921516 3.91115617 4.61349069 | -0.28395451 0.27844731 -0.22703977 0.13820611 | 2.8520496569",
        "summation | 3.9547937291 | 4.01884667 3.81575381 3.96654298 4.00522087 | -0.36290930 0.36404101 -0.30516279 0.19598034 | 1.8679464181",
        "projection | 4.0843654921 | 3.91180229 3.93757838 3.91078032 4.61181362 | -0.12267288 0.11533404 -0.08898308 0.04796381 | 2.7912133452",
        "roberta | 4.0858668556 | 3.91707943 3.93752910 3.91078330 4.61183308 | -0.10748269 0.09669256 -0.06996326 0.03170093 | 2.7788490946",
        "roberta_cls | 4.0932512151 | 3.94265013 3.93782968 3.91079820 4.61184707 | -0.18320187 0.16688010 -0.12304917 0.05893433 | 2.9412202005",
        "T5 cross-attention | 3.8481040231 | 3.83629278 3.87830850 3.90552106 3.77465601 | -0.05751432 0.09358624 -0.11423104 0.11604554 | 0.6884524494",
        "block length 1 | 3.9133687773 | 3.91336878 | -0.20534085 0.24259179 -0.23985295 0.19757582 | 1.8682339895"
      })
  void everyVariantMeetsTheReference(
      String name, double loss, String positions, String logits, double gradientNorm) {
    BlockConfig config = GoldenModel.named(name);
    byte[] mask = GoldenModel.MASK.clone();
    if (config.blockLength() == 1) {
      Arrays.fill(mask, (byte) 1);
    }
    try (GoldenModel model = new GoldenModel(config)) {
      double[] losses = model.lossAndGradients(GoldenModel.IDS, mask, 1);
      assertEquals(loss, losses[0], TOLERANCE);
      assertEquals(loss, losses[1], TOLERANCE);
      assertArrayEquals(
          GoldenModel.numbers(positions), Arrays.copyOfRange(losses, 4, losses.length), TOLERANCE);
      double[] all = model.logits(GoldenModel.IDS, mask);
      assertArrayEquals(GoldenModel.numbers(logits), Arrays.copyOf(all, 4), TOLERANCE);
      assertEquals(gradientNorm, model.gradientNorm(), TOLERANCE);
    }
  }

  @Test
  void blockVectorsAndContextsMeetTheReference() {
    try (GoldenModel model = new GoldenModel(GoldenModel.prefix(2))) {
      double[] found = model.inside(GoldenModel.IDS, GoldenModel.MASK);
      double[] vector = Arrays.copyOfRange(found, 32, 36);
      assertArrayEquals(
          GoldenModel.numbers("-0.03095703 0.02384517 0.06743261 0.07930544"), vector, TOLERANCE);
      double[] context = Arrays.copyOfRange(found, (8 + 1) * 32, (8 + 1) * 32 + 4);
      assertArrayEquals(
          GoldenModel.numbers("0.28745739 0.73579783 1.84130171 0.72706149"), context, TOLERANCE);
      double[] last = Arrays.copyOfRange(found, (8 + 7) * 32, (8 + 7) * 32 + 2);
      assertArrayEquals(GoldenModel.numbers("0.00075142 0.83961616"), last, TOLERANCE);
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
          GoldenModel.numbers("1.06662264 -0.97173169 0.71665669 -0.34344522"),
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
}
