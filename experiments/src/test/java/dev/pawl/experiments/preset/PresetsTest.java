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

  @Test
  void recipeIsThePublishedOne() {
    assertEquals(
        new TrainingConfig(
            2048,
            512,
            16,
            286_000,
            286_000,
            1500,
            2e-4,
            0.1,
            0.9,
            0.95,
            1e-8,
            0.1,
            1,
            Precision.BF16,
            false,
            false,
            5000,
            100,
            64),
        ModelFiles.load("block_main_b4_1.2b").training().orElseThrow());
    assertEquals(
        new TrainingConfig(
            2048,
            512,
            8,
            28_600,
            28_600,
            1500,
            3e-4,
            0.1,
            0.9,
            0.95,
            1e-8,
            0.1,
            1,
            Precision.BF16,
            true,
            true,
            1250,
            100,
            64),
        ModelFiles.load("block_uptrain_b4_800_10").training().orElseThrow());
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
