package dev.pawl.experiments.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.experiments.ConfigException;
import dev.pawl.experiments.preset.ModelFiles;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.VanillaConfig;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The published numbers agree with each other, and with the configurations as published. */
class PaperTest {
  private static final Paper PAPER = Paper.load("block-transformer");

  @Test
  void everyLineIsWholeAndOfItsConfiguration() {
    assertEquals(
        List.of(
            "vanilla_31",
            "vanilla_70",
            "vanilla_160",
            "vanilla_410",
            "block_main_b4_5",
            "block_main_b4_19",
            "block_main_b4_85",
            "block_main_b4_300",
            "block_main_b4_800",
            "block_main_b4_1.2b"),
        PAPER.models().stream().map(PaperModel::preset).toList());
    for (PaperModel line : PAPER.models()) {
      ModelConfig model = ModelFiles.load(line.preset()).model();
      assertEquals(
          line.architecture().equals("vanilla"), model instanceof VanillaConfig, line.preset());
      for (Optional<Double> number :
          List.of(
              line.trainLoss(),
              line.lambadaPerplexity(),
              line.wikitextPerplexity(),
              line.hellaswag(),
              line.piqa(),
              line.arcEasy(),
              line.prefillMemory(),
              line.decodeMemory(),
              line.prefillThroughput(),
              line.decodeThroughput())) {
        assertTrue(number.orElseThrow() > 0, line.preset());
      }
    }
  }

  /**
   * A cache of 32-bit keys and 16-bit values, of which an old and a new one are there at a time, is
   * what a sample of 2,176 tokens needs.
   */
  @Test
  void memoryIsThatOfTheCache() {
    for (PaperModel line : PAPER.models()) {
      ModelConfig model = ModelFiles.load(line.preset()).model();
      DecoderConfig decoder =
          model instanceof BlockConfig block
              ? block.blockDecoder().config()
              : ((VanillaConfig) model).modelConfig();
      double tokens = (128.0 + 2048) / model.blockLength();
      double mebibytes =
          2.0 * decoder.numHiddenLayers() * decoder.hiddenSize() * (4 + 2) * tokens / (1 << 20);
      double said = line.decodeMemory().orElseThrow();
      assertEquals(mebibytes, said, 0.05 * mebibytes, line.preset());
    }
  }

  @Test
  void betterModelsAreSlowerWithinAnArchitecture() {
    PaperModel before = PAPER.models().get(0);
    for (PaperModel line : PAPER.models().subList(1, PAPER.models().size())) {
      if (line.architecture().equals(before.architecture())) {
        assertTrue(line.trainLoss().orElseThrow() < before.trainLoss().orElseThrow());
        assertTrue(
            line.lambadaPerplexity().orElseThrow() < before.lambadaPerplexity().orElseThrow());
        assertTrue(
            line.wikitextPerplexity().orElseThrow() < before.wikitextPerplexity().orElseThrow());
        assertTrue(line.decodeThroughput().orElseThrow() < before.decodeThroughput().orElseThrow());
        assertTrue(line.nonEmbedding() > before.nonEmbedding());
      }
      before = line;
    }
  }

  @Test
  void anUnknownPaperIsRefusedWithTheNearest() {
    ConfigException refused =
        assertThrows(ConfigException.class, () -> Paper.load("block-transformr"));
    assertTrue(refused.getMessage().contains("nearest: block-transformer"), refused.getMessage());
  }
}
