package dev.pawl.model.measurement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecoderConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.VanillaConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against the paper's table (block-transformer.md 8), measured on one H100. */
class ReferencePredictionTest {
  private static final double MEBIBYTE = 1 << 20;

  private record Row(PublishedRates published, ModelConfig model) {
    String name() {
      return published.preset();
    }
  }

  private static final List<Row> TABLE =
      List.of(
          row("vanilla_31", vanilla(6, 256, 8)),
          row("vanilla_70", vanilla(6, 512, 8)),
          row("vanilla_160", vanilla(12, 768, 12)),
          row("vanilla_410", vanilla(24, 1024, 16)),
          row("block_main_b4_5", block(3, 256, 8, 64)),
          row("block_main_b4_19", block(3, 512, 8, 128)),
          row("block_main_b4_85", block(6, 768, 12, 192)),
          row("block_main_b4_300", block(12, 1024, 16, 256)),
          row("block_main_b4_800", block(8, 2048, 16, 512)),
          row("block_main_b4_1.2b", block(12, 2048, 16, 512)));

  // This prefill-heavy row fits no arithmetic of its sizes that fits the other nine: the paper says
  // 48.9 MB; the heads of the model's file need 30.5, twice as many would need 50.5. Its speed is
  // that of the former: 168 thousand tokens a second against 175, where the latter reach 126.
  private static final String UNEXPLAINED = "block_main_b4_19";

  @Test
  void memoryOfASampleIsThePapers() {
    for (Row row : TABLE) {
      double decodeHeavy = predict(row.model, 128, 2048).sampleBytes() / MEBIBYTE;
      assertEquals(
          row.published.decodeMegabytes(),
          decodeHeavy,
          0.05 * row.published.decodeMegabytes(),
          row.name());
      double prefillHeavy = predict(row.model, 2048, 128).sampleBytes() / MEBIBYTE;
      if (!row.name().equals(UNEXPLAINED)) {
        assertEquals(
            row.published.prefillMegabytes(),
            prefillHeavy,
            0.05 * row.published.prefillMegabytes(),
            row.name());
      }
    }
  }

  @Test
  void ratesAreWithinHalfOfThePapersWithOneFittedNumber() {
    for (Row row : TABLE) {
      requireNear(row.name(), row.published.decodeRate(), predict(row.model, 128, 2048));
      requireNear(row.name(), row.published.prefillRate(), predict(row.model, 2048, 128));
    }
  }

  @Test
  void theSpeedUpAtEqualSizeIsThePapers() {
    // 809.5 / 41.6 and 272.3 / 10.8 in the paper.
    ModelConfig vanilla = TABLE.get(0).model();
    ModelConfig block = TABLE.get(4).model();
    assertEquals(19.5, ratio(block, vanilla, 128, 2048), 0.25 * 19.5);
    assertEquals(25.2, ratio(block, vanilla, 2048, 128), 0.25 * 25.2);
  }

  private static Row row(String preset, ModelConfig model) {
    return new Row(PublishedRates.of(preset).orElseThrow(), model);
  }

  private static double ratio(ModelConfig block, ModelConfig vanilla, int prefill, int decode) {
    return predict(block, prefill, decode).tokensPerSecond()
        / predict(vanilla, prefill, decode).tokensPerSecond();
  }

  private static void requireNear(String name, double published, ReferencePrediction predicted) {
    double ratio = predicted.tokensPerSecond() / 1000 / published;
    assertTrue(ratio > 1 / 1.5 && ratio < 1.5, name + ": " + ratio);
  }

  private static ReferencePrediction predict(ModelConfig model, int prefill, int decode) {
    return ReferencePrediction.of(model, prefill, decode, Accelerator.H100);
  }

  private static ModelConfig vanilla(int layers, int hidden, int heads) {
    return new VanillaConfig(50304, DecoderConfig.of(layers, hidden, heads));
  }

  private static ModelConfig block(int layers, int hidden, int heads, int embedding) {
    DecoderConfig stack = DecoderConfig.of(layers, hidden, heads);
    return new BlockConfig(
        50304,
        4,
        EmbedderConfig.lookup(embedding),
        BlockDecoderConfig.of(stack),
        TokenDecoderConfig.prefix(2, stack));
  }
}
