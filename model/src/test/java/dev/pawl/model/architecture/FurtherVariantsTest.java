package dev.pawl.model.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.config.AutoEncodingLoss;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecodingLoss;
import dev.pawl.model.config.BlockLossType;
import dev.pawl.model.config.DecodingStrategy;
import dev.pawl.model.config.EmbedderClass;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.EmbedderNetwork;
import dev.pawl.model.config.ExpansionMethod;
import dev.pawl.model.config.LookupConfig;
import dev.pawl.model.config.ProjectionMethod;
import dev.pawl.model.config.T5Config;
import dev.pawl.model.config.TokenDecoderClass;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.TokenDecodingLoss;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Variants and losses beyond the table of block-transformer.md 10. The numbers were computed with
 * the original program under the same weight rule, with its casts to fp32 taken out; its
 * auto-encoding loss was called with the argument name spelt right, and its reshapes for two
 * embedding tokens made to accept any layout.
 */
class FurtherVariantsTest {
  private static final double TOLERANCE = 1e-8;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "m2 prefix R1 | 4.0827725316 | -0.2894249499 0.3430855418 -0.3401905754 0.2812172681 | 2.8472101078",
        "m2 prefix R2 projection | 4.0851144175 | -0.1248101957 0.1168873969 -0.0896964238 0.0477195426 | 2.7668736502",
        "m2 summation | 3.9446916808 | -0.3766337984 0.3750255625 -0.3115966507 0.1968029322 | 2.3501616731",
        "repeated prefix | 3.9892193808 | 0.1223549765 0.3092856966 -0.6899425096 0.9568665093 | 3.0622600371",
        "repeated summation | 3.9387846853 | 0.0176491765 0.3962410316 -0.7448133231 0.9706076825 | 3.0666689768",
        "t5 embedder | 4.0910024473 | -0.1842441728 0.1917151473 -0.1675830494 0.1158259083 | 2.8164985835",
        "m2 t5 embedder concat | 4.1252585885 | -0.3318430702 0.2759719949 -0.1746086200 0.0444620794 | 3.0864167742"
      })
  void furtherVariantsMeetTheOriginal(
      String name, double loss, String logits, double gradientNorm) {
    try (GoldenModel model = new GoldenModel(named(name))) {
      double[] losses = model.lossAndGradients(GoldenModel.IDS, GoldenModel.MASK, 1);
      assertEquals(loss, losses[0], TOLERANCE);
      assertArrayEquals(
          GoldenModel.numbers(logits),
          Arrays.copyOf(model.logits(GoldenModel.IDS, GoldenModel.MASK), 4),
          TOLERANCE);
      assertEquals(gradientNorm, model.gradientNorm(), TOLERANCE);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mse, false, 1, 4.0995141630, 0.5081782653, 0, 2.8634063654",
    "contrastive, false, 1, 4.0995141630, 3.8739953631, 0, 20.8998981493",
    "none, true, 1, 4.0995141630, 0, 1.0301497682, 3.6599302978",
    "contrastive, true, 2, 4.0827725316, 3.7401539061, 1.0434537271, 26.2382054386"
  })
  void furtherLossesMeetTheOriginal(
      String block, boolean auto, int m, double tokens, double blocks, double own, double norm) {
    BlockConfig base = m == 1 ? GoldenModel.prefix(2) : named("m2 prefix R1");
    try (GoldenModel model = new GoldenModel(withLosses(base, true, block, auto))) {
      double[] losses = model.lossAndGradients(GoldenModel.IDS, GoldenModel.MASK, 1);
      assertEquals(tokens + blocks + own, losses[0], 2 * TOLERANCE);
      assertEquals(tokens, losses[1], TOLERANCE);
      assertEquals(blocks, losses[2], TOLERANCE);
      assertEquals(own, losses[3], TOLERANCE);
      // The original's contrastive gradients are large: ten digits are eight behind the point.
      assertEquals(norm, model.gradientNorm(), 2 * TOLERANCE);
    }
  }

  @Test
  void paddingBlocksCountAsZeroInTheMeanSquareAndNotAtAllInTheContrast() {
    byte[] mask = GoldenModel.MASK.clone();
    Arrays.fill(mask, 24, 28, (byte) 0);
    try (GoldenModel model =
        new GoldenModel(withLosses(GoldenModel.prefix(2), true, "mse", false))) {
      double[] losses = model.lossAndGradients(GoldenModel.IDS, mask, 1);
      assertEquals(4.1074966687, losses[1], TOLERANCE);
      assertEquals(0.4156174882, losses[2], TOLERANCE);
      assertEquals(2.9303888112, model.gradientNorm(), TOLERANCE);
    }
    try (GoldenModel model =
        new GoldenModel(withLosses(GoldenModel.prefix(2), true, "contrastive", false))) {
      // The original divides zero by zero here.
      double found = model.lossAndGradients(GoldenModel.IDS, mask, 1)[2];
      assertTrue(found > 0 && found < 10, "contrastive loss " + found);
      assertTrue(Double.isFinite(model.gradientNorm()));
    }
  }

  @Test
  void aBatchOfPaddingPredictsNothing() {
    try (GoldenModel model =
        new GoldenModel(withLosses(GoldenModel.prefix(2), true, "contrastive", true))) {
      double[] losses = model.lossAndGradients(GoldenModel.IDS, new byte[32], 1);
      assertArrayEquals(new double[4], Arrays.copyOf(losses, 4), 0);
      assertTrue(Double.isNaN(losses[4]));
      assertEquals(0, model.gradientNorm());
    }
  }

  @Test
  void lossesAloneAddUpToTheirSum() {
    double[] together;
    double[] sum = null;
    try (GoldenModel model =
        new GoldenModel(withLosses(GoldenModel.prefix(2), true, "mse", true))) {
      model.lossAndGradients(GoldenModel.IDS, GoldenModel.MASK, 1);
      together = model.gradients.get("embedder.embeddings.weight").toDoubles();
    }
    for (int i = 0; i < 3; i++) {
      try (GoldenModel model =
          new GoldenModel(
              withLosses(GoldenModel.prefix(2), i == 0, i == 1 ? "mse" : "none", i == 2))) {
        model.lossAndGradients(GoldenModel.IDS, GoldenModel.MASK, 1);
        double[] alone = model.gradients.get("embedder.embeddings.weight").toDoubles();
        sum = sum == null ? new double[alone.length] : sum;
        for (int k = 0; k < alone.length; k++) {
          sum[k] += alone[k];
        }
      }
    }
    assertArrayEquals(together, sum, 1e-12);
  }

  @ParameterizedTest
  @CsvSource({"m2 prefix R1", "prefix R2", "roberta_cls", "t5 embedder", "m2 summation"})
  void laterTokensNeverChangeEarlierPredictions(String name) {
    try (GoldenModel model = new GoldenModel(named(name))) {
      byte[] mask = new byte[32];
      Arrays.fill(mask, (byte) 1);
      double[] before = model.logits(GoldenModel.IDS, mask);
      for (int at = 5; at < 16; at++) {
        long[] ids = GoldenModel.IDS.clone();
        ids[at] = (ids[at] + 7) % 48;
        double[] after = model.logits(ids, mask);
        // Token t is row t - 4 of the logits; its own id does not enter its prediction.
        int same = (at - 4 + 1) * 48;
        assertArrayEquals(Arrays.copyOf(before, same), Arrays.copyOf(after, same), 1e-12);
        int next = at % 4 == 3 || at == 15 ? at : at + 1;
        if (next > at) {
          assertNotEquals(before[(next - 4) * 48], after[(next - 4) * 48]);
        }
      }
    }
  }

  @Test
  void twoVectorsOfABlockSeeEachOther() {
    try (GoldenModel model = new GoldenModel(named("m2 prefix R1"))) {
      byte[] mask = new byte[32];
      Arrays.fill(mask, (byte) 1);
      // Contexts: 2 rows x 8 vectors x 32, behind as many block vectors.
      double[] before = model.inside(GoldenModel.IDS, mask);
      long[] ids = GoldenModel.IDS.clone();
      ids[7] = 40;
      double[] after = model.inside(ids, mask);
      int contexts = 2 * 8 * 32;
      for (int vector = 0; vector < 8; vector++) {
        boolean changed =
            Math.abs(before[contexts + vector * 32] - after[contexts + vector * 32]) > 1e-12;
        assertEquals(vector >= 2, changed, "context of vector " + vector);
        assertEquals(
            vector == 3, before[vector * 32 + 31] != after[vector * 32 + 31], "vector " + vector);
      }
    }
  }

  @Test
  void aMaskedFirstBlockLeaksNothingBackwards() {
    byte[] mask = new byte[32];
    Arrays.fill(mask, (byte) 1);
    Arrays.fill(mask, 0, 4, (byte) 0);
    for (String name : new String[] {"prefix R2", "m2 prefix R1", "roberta", "t5 embedder"}) {
      try (GoldenModel model = new GoldenModel(named(name))) {
        double[] before = model.logits(GoldenModel.IDS, mask);
        long[] ids = GoldenModel.IDS.clone();
        ids[12] = 9;
        double[] after = model.logits(ids, mask);
        int first = 8 * 48;
        assertArrayEquals(Arrays.copyOf(before, first), Arrays.copyOf(after, first), 0, name);
        assertTrue(Arrays.stream(before).allMatch(Double::isFinite), name);
      }
    }
  }

  static BlockConfig named(String name) {
    return switch (name) {
      case "m2 prefix R1" -> GoldenModel.block(lookup(2, ProjectionMethod.CONCAT), prefix(1));
      case "m2 prefix R2 projection" ->
          GoldenModel.block(lookup(2, ProjectionMethod.PROJECTION_LAYER), prefix(2));
      case "m2 summation" ->
          GoldenModel.block(lookup(2, ProjectionMethod.CONCAT), GoldenModel.summation());
      case "repeated prefix" ->
          GoldenModel.block(EmbedderConfig.lookup(8), repeated(DecodingStrategy.PREFIX));
      case "repeated summation" ->
          GoldenModel.block(EmbedderConfig.lookup(8), repeated(DecodingStrategy.SUMMATION));
      case "t5 embedder" -> GoldenModel.block(t5(1, ProjectionMethod.PROJECTION_LAYER), prefix(2));
      case "m2 t5 embedder concat" -> GoldenModel.block(t5(2, ProjectionMethod.CONCAT), prefix(2));
      default -> GoldenModel.named(name);
    };
  }

  static BlockConfig withLosses(BlockConfig config, boolean tokens, String block, boolean auto) {
    boolean blocks = !block.equals("none");
    return new BlockConfig(
        config.vocabSize(),
        config.blockLength(),
        config.embedder(),
        config.blockDecoder(),
        config.tokenDecoder(),
        new TokenDecodingLoss(tokens),
        new BlockDecodingLoss(
            blocks, 0.5, block.equals("mse") ? BlockLossType.MSE : BlockLossType.CONTRASTIVE),
        new AutoEncodingLoss(auto, 0.25));
  }

  private static EmbedderConfig lookup(int m, ProjectionMethod method) {
    return embedder(EmbedderClass.LOOKUP, m, method, new LookupConfig(16, 0.02));
  }

  private static EmbedderConfig t5(int m, ProjectionMethod method) {
    return embedder(EmbedderClass.T5, m, method, new T5Config(16, 32, 8, 2, 2, 32, 128, 0, 1e-6));
  }

  private static EmbedderConfig embedder(
      EmbedderClass cls, int m, ProjectionMethod method, EmbedderNetwork network) {
    return new EmbedderConfig(cls, m, 3, method, network);
  }

  private static TokenDecoderConfig prefix(int ratio) {
    return TokenDecoderConfig.prefix(ratio, GoldenModel.tiny());
  }

  private static TokenDecoderConfig repeated(DecodingStrategy strategy) {
    return new TokenDecoderConfig(
        TokenDecoderClass.GPT_NEO_X, ExpansionMethod.NULL, 0, strategy, GoldenModel.tiny());
  }
}
