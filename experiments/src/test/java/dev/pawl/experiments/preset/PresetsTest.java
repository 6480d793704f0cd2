package dev.pawl.experiments.preset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.experiments.ConfigException;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.config.VanillaConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The named configurations and the names that are none. */
class PresetsTest {
  @TempDir private Path folder;

  @Test
  void everyPublishedConfigurationIsThereWithItsRecipe() {
    List<String> names = Presets.names();
    assertEquals(25, names.size());
    for (String name : names) {
      NamedModel preset = ModelFiles.load(name);
      assertEquals(name, preset.name());
      assertEquals("experiments/models/" + name + ".yaml", preset.place());
      assertEquals(name.startsWith("block"), preset.model() instanceof BlockConfig, name);
      assertEquals(50304, preset.model().vocabSize(), name);
      assertEquals(List.of(), preset.notes());
      TrainingConfig training = preset.training().orElseThrow();
      assertEquals(2048, training.maxLength(), name);
      assertEquals(Precision.BF16, training.precision(), name);
      assertEquals(0.1, training.weightDecay(), name);
    }
  }

  private static String recipe(String name) {
    TrainingConfig t = ModelFiles.load(name).training().orElseThrow();
    return "%d/%d %s %d/%d %d %d/%d %s %s"
        .formatted(
            t.totalBatchSize(),
            t.perDeviceTrainBatchSize(),
            t.learningRate(),
            t.numTrainSteps(),
            t.stopSteps(),
            t.numWarmupSteps(),
            t.saveSteps(),
            t.loggingSteps(),
            t.randomPadFirstBlock(),
            t.padToBlockBoundary());
  }

  @Test
  void recipeIsThePublishedOne() {
    // block-transformer.md 2.1 and 2.2: batch, rate, steps, warm-up, save/log; 9 (G10): padding.
    assertEquals("256/32 0.001 572000/572000 3000 10000/200 true true", recipe("block_main_b4_5"));
    assertEquals(
        "512/16 2.0E-4 286000/286000 1500 5000/100 false false", recipe("block_main_b4_1.2b"));
    assertEquals(
        "512/16 2.0E-4 13530/13530 1500 4000/100 false false",
        recipe("block_main_b4_1.2b_flop_v70"));
    assertEquals(
        "256/16 6.0E-4 266317/266317 3000 10000/200 false false",
        recipe("block_main_b4_85_flop_v70"));
    assertEquals(
        "256/32 6.0E-4 572000/50000 3000 5000/200 false false",
        recipe("block_ablation_b4_85_cls_cross_attn"));
    assertEquals(
        "512/8 3.0E-4 28600/28600 1500 1250/100 true true", recipe("block_uptrain_b4_800_10"));
    assertTrue(recipe("vanilla_160").startsWith("256/8 6.0E-4 572000/572000 3000 10000/200"));
  }

  @Test
  void headsFollowTheRuleButForCopiedOnes() {
    BlockConfig main = (BlockConfig) ModelFiles.load("block_main_b4_800").model();
    assertEquals(DecoderConfig.of(8, 2048, 16), main.blockDecoder().config());
    BlockConfig copied = (BlockConfig) ModelFiles.load("block_uptrain_b4_800_10").model();
    assertEquals(DecoderConfig.of(8, 2048, 8), copied.blockDecoder().config());
    assertEquals(DecoderConfig.of(8, 2048, 8), copied.tokenDecoder().config());
  }

  @Test
  void smallestVanillaModelHasItsPublishedWidth() {
    VanillaConfig model = (VanillaConfig) ModelFiles.load("vanilla_31").model();
    assertEquals(4096, model.modelConfig().intermediateSize());
    assertEquals(8, model.modelConfig().numAttentionHeads());
  }

  @Test
  void nearMissNamesTheNearest() {
    ConfigException e =
        assertThrows(ConfigException.class, () -> ModelFiles.load("block_main_b4_58"));
    assertEquals(
        List.of(
            "no model 'block_main_b4_58': neither a preset (nearest: block_main_b4_5) nor a file"),
        e.problems());
  }

  @Test
  void nameWithItsSuffixIsTheNameToo() {
    assertEquals(
        ModelFiles.load("block_main_b4_1.2b_flop_v70"),
        ModelFiles.load("block_main_b4_1.2b_flop_v70.yaml"));
  }

  @Test
  void fileMayBuildOnAPreset() throws IOException {
    Path file = folder.resolve("mine.yaml");
    Files.writeString(
        file,
        """
        model:
          preset: block_main_b4_5
          embedder: {cls: roberta, config: {num_hidden_layers: 1, hidden_size: 64}}
        """);
    NamedModel mine = ModelFiles.load(file.toString());
    assertEquals("mine", mine.name());
    assertTrue(mine.training().isEmpty());
    BlockConfig model = (BlockConfig) mine.model();
    assertEquals(64, model.embedder().config().width());
    assertEquals(DecoderConfig.of(3, 256, 8), model.blockDecoder().config());
  }

  @Test
  void fileThatEndsInItselfIsRefused() throws IOException {
    Path file = folder.resolve("round.yaml");
    Files.writeString(file, "model: {file: round.yaml}\n");
    ConfigException e = assertThrows(ConfigException.class, () -> ModelFiles.load(file.toString()));
    assertTrue(e.getMessage().contains("round.yaml: ends in itself"), e.getMessage());
  }

  @Test
  void presetsSayNothingTwice() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("models"))) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        assertTrue(text.startsWith("#"), file + " has no word on what it is");
        assertFalse(text.lines().anyMatch(line -> line.length() > 100), file.toString());
      }
    }
  }
}
