package dev.pawl.experiments.preset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.experiments.ConfigException;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecodingLoss;
import dev.pawl.model.config.BlockLossType;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.EmbedderClass;
import dev.pawl.model.config.LookupConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.ProjectionMethod;
import dev.pawl.model.config.RobertaConfig;
import dev.pawl.model.config.T5Config;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.config.VanillaConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainer files of the published program, and what they may not say. */
class TrainerFileTest {
  @TempDir private Path folder;

  private static String text(String name) throws IOException {
    try (InputStream in = TrainerFileTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private NamedModel load(String text) throws IOException {
    Path file = folder.resolve("trainer.yaml");
    Files.writeString(file, text);
    return ModelFiles.load(file.toString());
  }

  private List<String> relative(List<String> lines) {
    String prefix = folder.resolve("trainer.yaml").toString();
    return lines.stream().map(line -> line.replace(prefix, "t.yaml")).toList();
  }

  private void refused(String expected, String text) {
    ConfigException e = assertThrows(ConfigException.class, () -> load(text));
    assertEquals(List.of(expected), relative(e.problems()));
  }

  @Test
  void blockFileChoosesHeadsAndWidthByRuleUnlessItSaysNothing() throws IOException {
    NamedModel found = load(text("block.yaml"));
    assertEquals("our_block", found.name());
    BlockConfig model = (BlockConfig) found.model();
    assertEquals(50304, model.vocabSize());
    assertEquals(4, model.blockLength());
    assertEquals(EmbedderClass.ROBERTA_CLS, model.embedder().cls());
    assertEquals(
        new RobertaConfig(2, 128, 4, 512, 514, 1, 1e-5, 0.1, 0.1, 0.02), model.embedder().config());
    assertEquals(DecoderConfig.of(5, 320, 5), model.blockDecoder().config());
    // No config at all: the base as it is.
    assertEquals(DecoderConfig.of(6, 512, 8), model.tokenDecoder().config());
    assertEquals(4, model.tokenDecoder().expansionRatio());
    assertEquals(new BlockDecodingLoss(false, 0.5, BlockLossType.MSE), model.blockDecodingLoss());
  }

  @Test
  void recipeIsTakenOver() throws IOException {
    NamedModel found = load(text("block.yaml"));
    TrainingConfig training = found.training().orElseThrow();
    assertEquals(
        List.of(256, 32, 32, 1000L, 900L, 10L, 100L, 5L),
        List.of(
            training.maxLength(),
            training.totalBatchSize(),
            training.perDeviceTrainBatchSize(),
            training.numTrainSteps(),
            training.stopSteps(),
            training.numWarmupSteps(),
            training.saveSteps(),
            training.loggingSteps()));
    assertEquals(
        List.of(7e-4, 0.8, 0.9, 0.2),
        List.of(
            training.learningRate(),
            training.adamBeta1(),
            training.adamBeta2(),
            training.weightDecay()));
    assertEquals(Precision.FP32, training.precision());
    assertTrue(training.randomPadFirstBlock());
    assertFalse(training.padToBlockBoundary());
    assertEquals(
        List.of(
            "t.yaml: ignored: wandb, wandb_project, pythia_pile_idxmaps_path, dataset,"
                + " zero_shot_eval, tokenizer"),
        relative(found.notes()));
  }

  @Test
  void vanillaFileTakesHeadsAndWidthFromItsBase() throws IOException {
    NamedModel found = load(text("vanilla.yaml"));
    // Quirk G4: a narrower model keeps the base's MLP and heads.
    assertEquals(
        new VanillaConfig(50304, new DecoderConfig(3, 384, 12, 3072, 0.25, 10000, 1e-5, 0.02)),
        found.model());
    TrainingConfig training = found.training().orElseThrow();
    assertEquals(32, training.totalBatchSize());
    assertEquals(8, training.perDeviceTrainBatchSize());
    assertEquals(Precision.BF16, training.precision());
  }

  @Test
  void dropoutOfDecodersIsTakenOver() throws IOException {
    NamedModel vanilla =
        load(
            text("vanilla.yaml")
                .replace("384}", "384, hidden_dropout: 0.1, attention_dropout: 0.2}"));
    DecoderConfig stack = ((VanillaConfig) vanilla.model()).modelConfig();
    assertEquals(List.of(0.1, 0.2), List.of(stack.hiddenDropout(), stack.attentionDropout()));
    NamedModel block =
        load(
            text("block.yaml")
                .replace("hidden_size: 320}", "hidden_size: 320, hidden_dropout: 0.3}"));
    DecoderConfig blocks = ((BlockConfig) block.model()).blockDecoder().config();
    assertEquals(List.of(0.3, 0.0), List.of(blocks.hiddenDropout(), blocks.attentionDropout()));
    refused(
        "t.yaml:7: model_config.hidden_dropout: 1 is out of range: from 0 to 0.99",
        text("vanilla.yaml").replace("384}", "384, hidden_dropout: 1}"));
  }

  @Test
  void decoderOfT5HasItsOwnLayersAndTheBasesHeads() throws IOException {
    NamedModel found = load(text("t5.yaml"));
    BlockConfig model = (BlockConfig) found.model();
    assertEquals("trainer", found.name());
    assertEquals(8, model.blockLength());
    assertEquals(ProjectionMethod.PROJECTION_LAYER, model.embedder().projectionMethod());
    assertEquals(new LookupConfig(256, 0.02), model.embedder().config());
    assertEquals(
        new T5Config(512, 1024, 64, 4, 8, 32, 128, 0.1, 1e-6), model.tokenDecoder().config());
    assertEquals(8, model.tokenDecoder().expansionRatio());
  }

  @Test
  void originOfTheWeightsIsNamedAndNotCopied() throws IOException {
    NamedModel found =
        load(
            text("t5.yaml")
                .replace(
                    "cls: gpt-neo-x",
                    "cls: gpt-neo-x\n  config: {hidden_size: 2048, num_hidden_layers: 2}"));
    assertEquals(
        List.of(
            "t.yaml: load_from_vanilla: the weights of EleutherAI/pythia-1b are not copied from here",
            "t.yaml: block_decoder.config.num_attention_heads is left to the rule, but"
                + " EleutherAI/pythia-1b has 8: weights copied from it need 8 too",
            "t.yaml: token_decoder.config.num_attention_heads is left to the rule, but"
                + " EleutherAI/pythia-1b has 8: weights copied from it need 8 too"),
        relative(found.notes()));
  }

  @Test
  void absentPackingFlagsAreTodaysDefaultAndSaid() throws IOException {
    NamedModel found = load(text("t5.yaml").replace("random_pad_first_block: true\n", ""));
    assertTrue(found.training().orElseThrow().randomPadFirstBlock());
    assertTrue(
        relative(found.notes()).stream()
            .anyMatch(note -> note.startsWith("t.yaml: random_pad_first_block and")));
  }

  @Test
  void unknownKeysNameTheNearest() throws IOException {
    refused(
        "t.yaml:12: learning_rat: unknown key, nearest known key: learning_rate",
        text("vanilla.yaml")
            .replace("learning_rate: 1e-3", "learning_rate: 1e-3\nlearning_rat: 1"));
    refused(
        "t.yaml:21: embedder.n_cls_token: unknown key, nearest known key: n_cls_tokens",
        text("block.yaml").replace("  n_cls_tokens: 3", "  n_cls_token: 3"));
    refused(
        "t.yaml:31: block_decoder.config.hidden_sizes: unknown key, nearest known key: hidden_size",
        text("block.yaml").replace("hidden_size: 320}", "hidden_size: 320, hidden_sizes: 3}"));
  }

  @Test
  void wrongValuesAreReportedAtTheirLineAndKey() throws IOException {
    refused(
        "t.yaml:11: learning_rate: 'fast' is not a number",
        text("vanilla.yaml").replace("1e-3", "fast"));
    refused(
        "t.yaml:20: embedder.cls: 'bert' is none of lookup, roberta, roberta_cls, t5",
        text("block.yaml")
            .replace("cls: roberta_cls", "cls: bert")
            .replace("embedder:\n", "embedder:\n\n\n"));
  }

  @Test
  void unknownBaseNamesTheNearest() throws IOException {
    refused(
        "t.yaml:5: model_name_or_path: 'EleutherAI/pythia-160m-dedup' is no base known here,"
            + " nearest: EleutherAI/pythia-160m-deduped; or leave it out and give all sizes",
        text("vanilla.yaml")
            .replace("160m-deduped\nuse", "160m-dedup\nuse")
            .replace("384}", "384, vocab_size: 50304}"));
  }

  @Test
  void whatWouldChangeTheResultIsRefused() throws IOException {
    refused(
        "t.yaml:41: freeze: 'true': frozen parameters are not trained by this program; leave it out",
        text("block.yaml").replace("freeze: false", "freeze: True"));
    refused(
        "t.yaml:24: embedder.config.hidden_act: 'relu': only gelu is implemented",
        text("block.yaml").replace("hidden_act: gelu", "hidden_act: relu"));
  }

  @Test
  void partsMustAgree() throws IOException {
    refused(
        "t.yaml:11: block_split.distribution_kwargs.length: 2 is not block_length 4",
        text("block.yaml").replace("{length: 4}", "{length: 2}"));
    refused(
        "t.yaml:11: block_split.distribution: 'uniform': only blocks of a fixed length are read",
        text("block.yaml").replace("distribution: fixed", "distribution: uniform"));
    refused(
        "t.yaml:13 (t5-small): token_decoder.config.vocab_size: 32128 is not embedder.config.vocab_size 50304",
        text("t5.yaml").replace("{vocab_size: 50304, num_layers", "{num_layers"));
  }

  @Test
  void keysOfTheOtherKindAreRefused() throws IOException {
    refused(
        "t.yaml:16: token_decoder: belongs to a block model, but there is no block_length",
        text("vanilla.yaml") + "token_decoder: {cls: gpt-neo-x}\n");
  }

  @Test
  void whatIsNoModelAtAllIsSaid() {
    refused(
        "t.yaml:1: neither a model (keys model and training) nor a trainer file (block_length or model)",
        "seed: 1\n");
    refused(
        "t.yaml: an experiment, which may have many models; a file of one has it under model",
        "experiment: a\nmodels: {}\n");
  }

  @Test
  void modelsOfEveryKindAreModels() throws IOException {
    for (String name : List.of("block.yaml", "vanilla.yaml", "t5.yaml")) {
      ModelConfig model = load(text(name)).model();
      assertEquals(50304, model.vocabSize());
    }
  }
}
