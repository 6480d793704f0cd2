package dev.pawl.experiments.preset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pawl.experiments.ConfigException;
import dev.pawl.experiments.Experiments;
import dev.pawl.experiments.LoadedExperiment;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Experiments whose models and training name presets and files. */
class IncludesTest {
  private static final String GOOD =
      """
      experiment: good
      models:
        a:
          preset: block_main_b4_5
          block_decoder: {config: {num_hidden_layers: 1}}
        b: {file: near.yaml}
      training:
        preset: block_main_b4_5
        save_steps: 7
      """;

  @TempDir private Path folder;

  private LoadedExperiment load(String text, String... overrides) throws IOException {
    Path file = folder.resolve("e.yaml");
    Files.writeString(file, text);
    Files.writeString(
        folder.resolve("near.yaml"),
        """
        block_length: 4
        embedder: {cls: lookup, config: {vocab_size: 50304, hidden_size: 8}}
        block_decoder: {cls: gpt-neo-x, config: {num_hidden_layers: 1, hidden_size: 32}}
        token_decoder:
          {cls: gpt-neo-x, expansion_ratio: 1, config: {num_hidden_layers: 1, hidden_size: 32}}
        random_pad_first_block: false
        wandb: true
        """);
    return Experiments.load(file, List.of(overrides));
  }

  private void refused(String expected, String text, String... overrides) {
    ConfigException e = assertThrows(ConfigException.class, () -> load(text, overrides));
    assertEquals(
        List.of(expected),
        e.problems().stream().map(line -> line.replace(folder + "/", "")).toList());
  }

  @Test
  void keysBesideAPresetGoOverIt() throws IOException {
    LoadedExperiment loaded = load(GOOD, "models.a.token_decoder.expansion_ratio=3");
    BlockConfig model = (BlockConfig) loaded.spec().models().get("a");
    assertEquals(1, model.blockDecoder().config().numHiddenLayers());
    assertEquals(3, model.tokenDecoder().expansionRatio());
    assertEquals(64, model.embedder().config().width());
    TrainingConfig training = loaded.spec().training();
    assertEquals(7, training.saveSteps());
    assertEquals(256, training.totalBatchSize());
  }

  @Test
  void longerBlocksTakeTheWidthThatFits() throws IOException {
    LoadedExperiment loaded =
        load(
            GOOD,
            "models.b={preset: block_main_b4_5, block_length: 8, embedder: {config: {hidden_size: 0}}}");
    BlockConfig model = (BlockConfig) loaded.spec().models().get("b");
    assertEquals(8, model.blockLength());
    assertEquals(32, model.embedder().config().width());
  }

  @Test
  void sourcesNameThePresetAndTheFile() throws IOException {
    LoadedExperiment loaded = load(GOOD, "models.a.token_decoder.expansion_ratio=3");
    String preset = "experiments/models/block_main_b4_5.yaml";
    assertEquals(preset + ":5", loaded.sources().get("models.a.embedder.config.hidden_size"));
    assertEquals(preset + ":14", loaded.sources().get("training.learning_rate"));
    assertEquals(
        folder.resolve("e.yaml") + ":5",
        loaded.sources().get("models.a.block_decoder.config.num_hidden_layers"));
    assertEquals("command line", loaded.sources().get("models.a.token_decoder.expansion_ratio"));
    assertEquals(
        folder.resolve("near.yaml") + ":3",
        loaded.sources().get("models.b.block_decoder.config.hidden_size"));
    assertEquals(List.of(folder.resolve("near.yaml") + ": ignored: wandb"), loaded.notes());
  }

  @Test
  void presetMayBeNamedOnTheCommandLine() throws IOException {
    LoadedExperiment loaded =
        load(GOOD, "models.b={preset: vanilla_70}", "training.preset=vanilla_70");
    assertEquals(50304, loaded.spec().models().get("b").vocabSize());
    assertEquals(8, loaded.spec().training().perDeviceTrainBatchSize());
  }

  @Test
  void mistakesStandAtTheirPlace() {
    refused(
        "e.yaml:4: models.a.preset: no preset 'block_main_b4_6' (nearest: block_main_b4_5)",
        GOOD.replace("    preset: block_main_b4_5", "    preset: block_main_b4_6"));
    refused(
        "e.yaml:6: models.b.file: no file far.yaml, here or in " + folder,
        GOOD.replace("near", "far"));
    refused(
        "e.yaml:5: models.a.block_decoder.config.layers: unknown key, known keys:"
            + " num_hidden_layers, hidden_size, num_attention_heads, intermediate_size, rotary_pct,"
            + " rotary_emb_base, layer_norm_eps, initializer_range, hidden_dropout, attention_dropout",
        GOOD.replace("num_hidden_layers", "layers"));
    refused(
        "e.yaml:4: models.a.preset: preset and file are both given; give one",
        GOOD,
        "models.a.file=near.yaml");
    refused(
        "command line: training.presset: unknown key, nearest known key: preset",
        GOOD,
        "training={presset: x, total_batch_size: 1, num_train_steps: 1, learning_rate: 1, save_steps: 1}");
  }
}
