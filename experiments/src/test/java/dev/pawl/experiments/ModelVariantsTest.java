package dev.pawl.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockLossType;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.DecodingStrategy;
import dev.pawl.model.config.ExpansionMethod;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.ProjectionMethod;
import dev.pawl.model.config.RobertaConfig;
import dev.pawl.model.config.T5Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every variant of a block model out of YAML, through JSON, and every combination refused. */
class ModelVariantsTest {
  private static final String GOOD =
      """
      experiment: variants
      models:
        m:
          block_length: 4
          block_decoder: {config: {num_hidden_layers: 1, hidden_size: 32}}
          token_decoder: {config: {num_hidden_layers: 1, hidden_size: 32}}
          embedder: {cls: lookup}
      training:
        max_length: 16
        total_batch_size: 4
        num_train_steps: 10
        learning_rate: 1e-3
        save_steps: 5
      """;

  private static final String ROBERTA = "{num_hidden_layers: 1, hidden_size: 16}";

  @TempDir private Path folder;

  private BlockConfig model(String... overrides) throws IOException {
    Path file = folder.resolve("e.yaml");
    Files.writeString(file, GOOD);
    ModelConfig found =
        Experiments.load(file, List.of(overrides).stream().map(o -> "models.m." + o).toList())
            .spec()
            .models()
            .get("m");
    assertEquals(found, CanonicalJson.read(CanonicalJson.write(found), ModelConfig.class));
    return (BlockConfig) found;
  }

  private void refused(String expected, String... overrides) {
    ConfigException e = assertThrows(ConfigException.class, () -> model(overrides));
    assertEquals(
        List.of(expected),
        e.problems().stream()
            .map(line -> line.replace(folder.resolve("e.yaml").toString(), "e.yaml"))
            .toList());
  }

  @Test
  void nothingSaidIsTheMainModel() throws IOException {
    BlockConfig model = model();
    assertEquals(8, model.embedder().config().width());
    assertEquals(ProjectionMethod.CONCAT, model.embedder().projectionMethod());
    assertEquals(2, model.tokenDecoder().expansionRatio());
    assertEquals(ExpansionMethod.EXPANSION_LAYER, model.tokenDecoder().expansionMethod());
  }

  @Test
  void configIsReadAsItsClassSays() throws IOException {
    BlockConfig model =
        model(
            "embedder.cls=roberta_cls",
            "embedder.config=" + ROBERTA,
            "embedder.projection_method=null",
            "token_decoder.cls=t5",
            "token_decoder.decoding_strategy=cross_attention",
            "token_decoder.config={d_model: 32, d_kv: 16, num_layers: 2}");
    RobertaConfig roberta = (RobertaConfig) model.embedder().config();
    assertEquals(64, roberta.intermediateSize());
    assertEquals(ProjectionMethod.PROJECTION_LAYER, model.embedder().projectionMethod());
    T5Config t5 = (T5Config) model.tokenDecoder().config();
    assertEquals(2, t5.numHeads());
    assertEquals(128, t5.dFf());
    assertEquals(4, model.tokenDecoder().expansionRatio());
  }

  @Test
  void publishedSpellingsAreRead() throws IOException {
    BlockConfig model =
        model(
            "block_decoder.cls=gpt-neo-x",
            "token_decoder.cls=gpt-neo-x",
            "token_decoder.expansion_method=null",
            "token_decoder.decoding_strategy=summation",
            "embedder.n_embedding_tokens=2",
            "block_decoding_loss={enable: true, weight: 0.5, type: mse}",
            "auto_encoding_loss.enable=true");
    assertEquals(ExpansionMethod.NULL, model.tokenDecoder().expansionMethod());
    assertEquals(DecodingStrategy.SUMMATION, model.tokenDecoder().decodingStrategy());
    assertEquals(2, model.tokenDecoder().expansionRatio());
    assertEquals(16, model.embedder().config().width());
    assertEquals(BlockLossType.MSE, model.blockDecodingLoss().type());
    assertEquals(1.0, model.autoEncodingLoss().weight());
    assertEquals(1, ((DecoderConfig) model.tokenDecoder().config()).numHiddenLayers());
  }

  @Test
  void dropoutIsWrittenOnlyWhereItIsUsed() throws IOException {
    BlockConfig plain = model();
    assertFalse(CanonicalJson.write(plain).contains("ropout"));
    BlockConfig dropped =
        model(
            "block_decoder.config.hidden_dropout=0.1",
            "token_decoder.config.attention_dropout=0.2");
    String json = CanonicalJson.write(dropped);
    assertEquals(dropped, CanonicalJson.read(json, ModelConfig.class));
    assertEquals(
        json,
        CanonicalJson.write(plain)
            .replaceFirst("\"hiddenSize\"", "\"hiddenDropout\":0.1,\"hiddenSize\"")
            .replace(
                "\"config\":{\"kind\":\"gpt-neo-x\",",
                "\"config\":{\"kind\":\"gpt-neo-x\",\"attentionDropout\":0.2,"));
  }

  @Test
  void unknownKeysInsideConfigNameTheNearestOfTheirClass() {
    refused(
        "command line: models.m.embedder.config.hiden_size: unknown key, nearest known key:"
            + " hidden_size",
        "embedder.config={hiden_size: 8}");
    refused(
        "command line: models.m.token_decoder.config.d_modell: unknown key, nearest known key:"
            + " d_model",
        "token_decoder.cls=t5",
        "token_decoder.decoding_strategy=cross_attention",
        "token_decoder.config={d_model: 64, num_layers: 1, d_modell: 3}");
  }

  @Test
  void unknownClassIsTheOnlyProblem() {
    refused(
        "command line: models.m.embedder.cls: 'bert' is none of lookup, roberta, roberta_cls, t5",
        "embedder.cls=bert");
    refused(
        "command line: models.m.token_decoder.cls: 'gpt' is none of gpt-neo-x, t5",
        "token_decoder.cls=gpt");
  }

  @Test
  void nullIsRefusedWhereItMeansNothing() {
    refused(
        "command line: models.m.block_length: has no value; give one, or leave the key out",
        "block_length=null");
  }

  @Test
  void impossibleCombinationsAreRefused() {
    refused(
        "e.yaml:3: models.m: embedder.config.hidden_size 7 x 4 concatenated tokens is not"
            + " block_decoder.config.hidden_size 32",
        "embedder.config.hidden_size=7");
    refused(
        "e.yaml:3: models.m: block_length 4 is not a multiple of embedder.n_embedding_tokens 3",
        "embedder.n_embedding_tokens=3");
    refused(
        "e.yaml:3: models.m: embedder.n_cls_tokens 3 is not a multiple of"
            + " embedder.n_embedding_tokens 2",
        "embedder={cls: roberta_cls, n_embedding_tokens: 2, config: " + ROBERTA + "}");
    refused(
        "e.yaml:3: models.m: embedder.n_embedding_tokens 1 x token_decoder.expansion_ratio 3 is"
            + " not block_length 4, as summation needs",
        "token_decoder.decoding_strategy=summation",
        "token_decoder.expansion_ratio=3");
    refused(
        "e.yaml:6: models.m.token_decoder: decoding_strategy cross_attention does not go with cls"
            + " gpt-neo-x: t5 takes cross_attention, gpt-neo-x takes prefix or summation",
        "token_decoder.decoding_strategy=cross_attention");
    refused(
        "e.yaml:3: models.m: token_decoder.expansion_method null repeats vectors of size 32, but"
            + " token_decoder.config is 16 wide; use expansion_layer",
        "token_decoder.expansion_method=null",
        "token_decoder.config.hidden_size=16");
    refused(
        "e.yaml:3: models.m: embedder.config.max_position_embeddings 8 is too small: 7 tokens take"
            + " positions 2 to 8",
        "embedder={cls: roberta_cls, config: {num_hidden_layers: 1, hidden_size: 16,"
            + " max_position_embeddings: 8}}");
    refused(
        "e.yaml:5: models.m.block_decoder.config: hidden_size 32 is not a multiple of"
            + " num_attention_heads 3",
        "block_decoder.config.num_attention_heads=3");
    refused(
        "e.yaml:5: models.m.block_decoder.config: head size 32 x rotary_pct 0.1 gives 3 rotated"
            + " dimensions; an even number is needed",
        "block_decoder.config.rotary_pct=0.1");
    refused(
        "e.yaml:3: models.m: token_decoding_loss, block_decoding_loss and auto_encoding_loss are"
            + " all off: enable one",
        "token_decoding_loss.enable=false");
  }
}
