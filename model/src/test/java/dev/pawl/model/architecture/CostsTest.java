package dev.pawl.model.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecoderConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.DecodingStrategy;
import dev.pawl.model.config.EmbedderClass;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.ExpansionMethod;
import dev.pawl.model.config.ProjectionMethod;
import dev.pawl.model.config.RobertaConfig;
import dev.pawl.model.config.T5Config;
import dev.pawl.model.config.TokenDecoderClass;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.VanillaConfig;
import org.junit.jupiter.api.Test;

/** Costs against sums done by hand, and against published runs of equal cost. */
class CostsTest {
  private static final int V = 100;

  private static DecoderConfig stack(int layers, int hidden) {
    return DecoderConfig.of(layers, hidden, 1);
  }

  private static BlockConfig main(int vocabulary, int layers, int hidden) {
    DecoderConfig decoder = DecoderConfig.of(layers, hidden, hidden / 64);
    return new BlockConfig(
        vocabulary,
        4,
        EmbedderConfig.lookup(0),
        BlockDecoderConfig.of(decoder),
        TokenDecoderConfig.prefix(2, decoder));
  }

  @Test
  void vanillaModelByHand() {
    // Width 8, MLP 32: QKV 384, output 128, MLP 1024 = 1536; keys 32 each; output matrix 1600.
    Costs costs = Costs.of(new VanillaConfig(V, stack(2, 8)), 16);
    assertEquals(3 * (2 * (1536 + 32 * 8.5) + 1600), costs.trainingFlops());
    assertEquals(2 * (1536 + 32 * 8.5) + 100, costs.prefillFlops());
    assertEquals(2 * (1536 + 32 * 16) + 1600, costs.decodeFlops());
    assertEquals(2 * 2 * 8, costs.cacheValues());
    assertEquals(0, costs.localCacheValues());
  }

  @Test
  void blockModelByHand() {
    // Four blocks of four tokens; two prefix vectors and three tokens in the token decoder.
    BlockConfig config =
        new BlockConfig(
            V,
            4,
            EmbedderConfig.lookup(0),
            BlockDecoderConfig.of(stack(1, 8)),
            TokenDecoderConfig.prefix(2, stack(1, 8)));
    double token = 2 * 2 * 8 * 8 + 5 * (1536 + 32 * 3) + 4 * 1600;
    Costs costs = Costs.of(config, 16);
    assertEquals(3 * (1536 + 32 * 2.5 + token) / 4, costs.trainingFlops());
    assertEquals((1536 + 32 * 2.5) / 4, costs.prefillFlops());
    assertEquals((1536 + 32 * 4 + token) / 4, costs.decodeFlops());
    assertEquals(2 * 8 / 4.0, costs.cacheValues());
    assertEquals(2 * 8 * 5, costs.localCacheValues());
  }

  @Test
  void encoderAndCrossAttentionByHand() {
    // Six tokens see each other in the encoder (two of the block, four in front), a projection of
    // four joins them; the T5 decoder's two rows look at two expanded vectors.
    EmbedderConfig embedder =
        new EmbedderConfig(
            EmbedderClass.ROBERTA_CLS,
            1,
            4,
            ProjectionMethod.NULL,
            new RobertaConfig(1, 4, 1, 0, 514, 1, 1e-5, 0.1, 0.1, 0.02));
    TokenDecoderConfig t5 =
        new TokenDecoderConfig(
            TokenDecoderClass.T5,
            ExpansionMethod.EXPANSION_LAYER,
            0,
            DecodingStrategy.CROSS_ATTENTION,
            new T5Config(4, 8, 3, 1, 2, 32, 128, 0.1, 1e-6));
    BlockConfig config = new BlockConfig(V, 2, embedder, BlockDecoderConfig.of(stack(1, 8)), t5);
    double encoder = 6 * (128 + 256 + 16 * 6) + 2 * 4 * 4 * 8;
    double self = 2 * (8 * 4 * 6 + 4 * 4 * 8 + 4 * 6 * 1.5);
    double cross = 2 * (4 * 4 * 6 + 4 * 6 * 2) + 2 * (4 * 4 * 6);
    double token = 2 * 2 * 4 * 8 + self + cross + 2 * 800;
    Costs costs = Costs.of(config, 16);
    assertEquals((encoder + 1536 + 32 * 8 + token) / 2, costs.decodeFlops());
    assertEquals(2 * 6 * (2 + 2), costs.localCacheValues());
  }

  @Test
  void publishedRunsOfEqualCostHaveIt() {
    // Steps and samples a step of the published runs that were cut to the training FLOPs of the
    // vanilla 70M run (block-transformer.md 2.1); how those were counted is not known.
    double[] runs = {
      266_317 * 256.0 * Costs.of(main(50304, 6, 768), 2048).trainingFlops(),
      98_120 * 256.0 * Costs.of(main(50304, 12, 1024), 2048).trainingFlops(),
      19_300 * 512.0 * Costs.of(main(50304, 8, 2048), 2048).trainingFlops(),
      13_530 * 512.0 * Costs.of(main(50304, 12, 2048), 2048).trainingFlops()
    };
    for (double run : runs) {
      assertEquals(1, run / runs[0], 0.005);
    }
    VanillaConfig vanilla = new VanillaConfig(50304, DecoderConfig.of(6, 512, 8));
    double target = 572_000 * 256.0 * Costs.of(vanilla, 2048).trainingFlops();
    assertEquals(1, runs[0] / target, 0.07);
  }
}
