package dev.pawl.model.weights;

import static dev.pawl.model.weights.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.ParameterSpec;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecoderConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.EmbedderClass;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.LoadFromVanilla;
import dev.pawl.model.config.LookupConfig;
import dev.pawl.model.config.ProjectionMethod;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.UptrainMethod;
import dev.pawl.model.config.VanillaConfig;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UptrainingTest {
  private static final int HIDDEN = 8;

  private final Map<String, TensorData> vanilla = new HashMap<>();

  private static DecoderConfig stack(int layers, int heads) {
    return new DecoderConfig(layers, HIDDEN, heads, 16, 0.5, 10000, 1e-5, 0.02);
  }

  private VanillaConfig source(int layers) {
    VanillaConfig config = new VanillaConfig(12, stack(layers, 2));
    for (ParameterSpec parameter : Architecture.of(config).parameters()) {
      int tag = parameter.name().hashCode() % 1000;
      vanilla.put(parameter.name(), new PatternData(parameter.shape(), at -> tag + at));
    }
    return config;
  }

  private static BlockConfig target(int blockLayers, int tokenLayers, int heads) {
    return new BlockConfig(
        12,
        4,
        new EmbedderConfig(
            EmbedderClass.LOOKUP,
            1,
            3,
            ProjectionMethod.PROJECTION_LAYER,
            new LookupConfig(HIDDEN, 0.02)),
        BlockDecoderConfig.of(stack(blockLayers, heads)),
        TokenDecoderConfig.prefix(2, stack(tokenLayers, heads)));
  }

  private static LoadFromVanilla settings(UptrainMethod method) {
    return new LoadFromVanilla(method, "somewhere", true, true, false);
  }

  private Map<String, TensorData> make(UptrainMethod method, int layers, int block, int token) {
    return Uptraining.tensors(
        source(layers), vanilla::get, target(block, token, 2), settings(method));
  }

  private void layer(Map<String, TensorData> made, String decoder, int to, int from) {
    for (String name : List.of("attention.query_key_value.weight", "mlp.dense_4h_to_h.bias")) {
      assertSame(
          vanilla.get("gpt_neox.layers." + from + "." + name),
          made.get(decoder + ".gpt_neox.layers." + to + "." + name));
    }
  }

  @Test
  void partitionHandsOutTheLayersInOrder() {
    Map<String, TensorData> made = make(UptrainMethod.PARTITION, 5, 2, 3);
    layer(made, "block_decoder", 0, 0);
    layer(made, "block_decoder", 1, 1);
    layer(made, "token_decoder", 0, 2);
    layer(made, "token_decoder", 2, 4);
  }

  @Test
  void skipTakesEveryOtherLayerForBoth() {
    Map<String, TensorData> made = make(UptrainMethod.SKIP, 4, 2, 2);
    layer(made, "block_decoder", 1, 2);
    layer(made, "token_decoder", 0, 0);
    layer(made, "token_decoder", 1, 2);
  }

  @Test
  void duplicateTakesAllForBoth() {
    Map<String, TensorData> made = make(UptrainMethod.DUPLICATE, 3, 3, 3);
    layer(made, "block_decoder", 2, 2);
    layer(made, "token_decoder", 2, 2);
  }

  @Test
  void everyTensorFitsAndAllButTheBlockDecodersNormAreMade() {
    Map<String, TensorData> made = make(UptrainMethod.PARTITION, 4, 2, 2);
    Architecture architecture = Architecture.of(target(2, 2, 2));
    int left = 0;
    for (ParameterSpec parameter : architecture.trained()) {
      TensorData data = made.get(parameter.name());
      if (data == null) {
        left++;
        assertEquals("block_decoder.gpt_neox.final_layer_norm", stem(parameter.name()));
      } else {
        assertEquals(parameter.shape(), data.shape(), parameter.name());
      }
    }
    assertEquals(2, left);
    assertSame(vanilla.get("gpt_neox.embed_in.weight"), made.get("embedder.embeddings.weight"));
    assertSame(
        vanilla.get("gpt_neox.embed_in.weight"),
        made.get("token_decoder.gpt_neox.embed_in.weight"));
    assertSame(vanilla.get("embed_out.weight"), made.get("token_decoder.embed_out.weight"));
    assertSame(
        vanilla.get("gpt_neox.final_layer_norm.bias"),
        made.get("token_decoder.gpt_neox.final_layer_norm.bias"));
    assertFalse(made.containsKey("block_decoder.gpt_neox.final_layer_norm.weight"));
  }

  private static String stem(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  @Test
  void theProjectionIsTheMeanAndTheExpansionTheIdentity() throws IOException {
    Map<String, TensorData> made = make(UptrainMethod.PARTITION, 4, 2, 2);
    float[] projection = TestData.floats(made.get("embedder.projection_layer.weight"));
    for (int out = 0; out < HIDDEN; out++) {
      for (int in = 0; in < HIDDEN; in++) {
        for (int k = 0; k < 4; k++) {
          assertEquals(out == in ? 0.25f : 0, projection[(out * HIDDEN + in) * 4 + k]);
        }
      }
    }
    float[] expansion = TestData.floats(made.get("token_decoder.expansion_layer.weight"));
    assertEquals(2 * HIDDEN * HIDDEN, expansion.length);
    for (int row = 0; row < 2 * HIDDEN; row++) {
      for (int in = 0; in < HIDDEN; in++) {
        assertEquals(row % HIDDEN == in ? 1f : 0, expansion[row * HIDDEN + in]);
      }
    }
  }

  @Test
  void withoutTheFlagsTheseStartAtRandom() {
    Map<String, TensorData> made =
        Uptraining.tensors(
            source(4),
            vanilla::get,
            target(2, 2, 2),
            new LoadFromVanilla(UptrainMethod.PARTITION, "somewhere", false, false, false));
    assertFalse(made.containsKey("embedder.projection_layer.weight"));
    assertFalse(made.containsKey("token_decoder.expansion_layer.bias"));
  }

  @Test
  void whatDoesNotFitIsRefusedWithEverySize() {
    refused(
        () -> make(UptrainMethod.PARTITION, 5, 2, 2),
        "2 layers of the block decoder and 2 of the token decoder, 5 of the vanilla model",
        "partition needs as many together");
    refused(() -> make(UptrainMethod.SKIP, 5, 2, 2), "skip needs half as many in each");
    refused(() -> make(UptrainMethod.DUPLICATE, 4, 4, 2), "duplicate needs as many in each");
    VanillaConfig other =
        new VanillaConfig(16, new DecoderConfig(4, 12, 3, 20, 0.5, 500, 1e-5, 0.02));
    refused(
        () ->
            Uptraining.tensors(
                other, vanilla::get, target(2, 2, 2), settings(UptrainMethod.PARTITION)),
        "vocab_size is 12, the vanilla model's 16",
        "block_decoder.config.hidden_size is 8, the vanilla model's 12",
        "token_decoder.config.intermediate_size is 16, the vanilla model's 20",
        "rotary_emb_base are 0.5 and 10000.0, the vanilla model's 0.5 and 500.0",
        "embedder.config.hidden_size is 8, the vanilla model's hidden_size 12");
  }

  @Test
  void anotherHeadCountMustBeAskedFor() {
    refused(
        () ->
            Uptraining.tensors(
                source(4), vanilla::get, target(2, 2, 1), settings(UptrainMethod.PARTITION)),
        "block_decoder.config.num_attention_heads is 1, the vanilla model's 2",
        "allow_head_mismatch: true");
    Map<String, TensorData> made =
        Uptraining.tensors(
            source(4),
            vanilla::get,
            target(2, 2, 1),
            new LoadFromVanilla(UptrainMethod.PARTITION, "somewhere", false, false, true));
    layer(made, "block_decoder", 1, 1);
  }
}
