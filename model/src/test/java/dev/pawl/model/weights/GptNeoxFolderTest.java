package dev.pawl.model.weights;

import static dev.pawl.model.weights.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.VanillaConfig;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.generation.GenerationSettings;
import dev.pawl.model.generation.LanguageModel;
import dev.pawl.model.generation.SequenceGenerator;
import dev.pawl.model.generation.SequenceScorer;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.TensorType;
import dev.pawl.model.torch.Torch;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tiny random GPT-NeoX models as transformers 4.39.3 saved them, with the log-probabilities and the
 * greedy continuation that it found in fp64 (golden.json), its rotary tables in fp32 as ever: hence
 * the bound of 1e-6 for fp64.
 */
class GptNeoxFolderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WHOLE = "gpt-neox-fp32";
  private static final String SHARDED = "gpt-neox-fp16-sharded";

  @TempDir private Path folder;

  @BeforeEach
  void start() {
    Torch.start(2);
  }

  private static Path golden(String name) throws URISyntaxException {
    return Path.of(GptNeoxFolderTest.class.getResource(name).toURI());
  }

  @Test
  void scoresAreThoseOfTransformers() throws Exception {
    for (String name : List.of(WHOLE, SHARDED)) {
      assertTrue(difference(golden(name), golden(name), Precision.FP64) < 1e-6);
      assertTrue(difference(golden(name), golden(name), Precision.FP32) < 1e-4);
      assertTrue(difference(golden(name), golden(name), Precision.BF16) < 0.5);
    }
  }

  @Test
  void whatIsWrittenScoresTheSameInEveryFormat() throws Exception {
    VanillaConfig config = HuggingFaceConfig.read(golden(WHOLE).resolve("config.json"));
    Map<NumberFormat, Double> bounds =
        Map.of(
            NumberFormat.F64, 1e-6,
            NumberFormat.F32, 1e-6,
            NumberFormat.F16, 0.02,
            NumberFormat.BF16, 0.2);
    for (NumberFormat format : NumberFormat.values()) {
      for (long shardBytes : new long[] {1L << 40, 4000}) {
        Path target = Files.createDirectory(folder.resolve(format + "-" + shardBytes));
        try (WeightFiles files = WeightFiles.open(golden(WHOLE))) {
          Map<String, TensorData> tensors = new LinkedHashMap<>();
          files.names().forEach(name -> tensors.put(name, files.data(name).as(format)));
          WeightWriter.write(target, tensors, shardBytes);
        }
        HuggingFaceConfig.write(target, config, format, 64, 0);
        assertEquals(config, HuggingFaceConfig.read(target.resolve("config.json")));
        assertEquals(64, HuggingFaceConfig.maxLength(target.resolve("config.json")));
        double found = difference(target, golden(WHOLE), Precision.FP64);
        assertTrue(found < bounds.get(format), () -> format + " differs by " + found);
      }
    }
  }

  // Half-precision weights go through the file formats that hold them without a change of a bit.
  @Test
  void roundTripsKeepEveryBit() throws Exception {
    try (WeightFiles files = WeightFiles.open(golden(SHARDED))) {
      Map<String, TensorData> wide = new LinkedHashMap<>();
      files.names().forEach(name -> wide.put(name, files.data(name).as(NumberFormat.F32)));
      WeightWriter.write(folder, wide, 1L << 40);
      try (WeightFiles again = WeightFiles.open(folder)) {
        for (String name : files.names()) {
          assertArrayEquals(
              TestData.floats(files.data(name)),
              TestData.floats(again.data(name).as(NumberFormat.F16)));
        }
      }
    }
  }

  @Test
  void generationIsThatOfTransformers() throws Exception {
    JsonNode generation = JSON.readTree(golden(WHOLE).resolve("golden.json").toFile());
    generation = generation.path("generation");
    long[] prompt = longs(generation.path("prompt"));
    long[] expected = longs(generation.path("token_ids"));
    try (WeightFiles files = WeightFiles.open(golden(WHOLE));
        TensorScope scope = Torch.scope()) {
      Architecture architecture =
          Architecture.of(HuggingFaceConfig.read(golden(WHOLE).resolve("config.json")));
      try (LanguageModel model =
          new LanguageModel(
              architecture,
              WeightLoader.load(files, architecture, scope, TensorType.FP64, FailureCause.DATA),
              Precision.FP64)) {
        assertArrayEquals(
            expected,
            new SequenceGenerator(model, GenerationSettings.greedy())
                .generate(List.of(prompt), expected.length)
                .get(0));
      }
    }
  }

  @Test
  void dropoutsAreReadAndWritten() throws Exception {
    ObjectNode json = config();
    json.put("hidden_dropout", 0.1).put("attention_dropout", 0.2);
    VanillaConfig read = HuggingFaceConfig.read(write(json));
    assertEquals(0.1, read.modelConfig().hiddenDropout());
    assertEquals(0.2, read.modelConfig().attentionDropout());
    Path out = Files.createDirectory(folder.resolve("written"));
    HuggingFaceConfig.write(out, read, NumberFormat.F32, 64, 0);
    assertEquals(read, HuggingFaceConfig.read(out.resolve("config.json")));
    json.remove(List.of("hidden_dropout", "attention_dropout"));
    assertEquals(0, HuggingFaceConfig.read(write(json)).modelConfig().hiddenDropout());
  }

  @Test
  void newerRotaryKeysAreUnderstood() throws Exception {
    ObjectNode json = config();
    VanillaConfig expected = HuggingFaceConfig.read(write(json));
    json.remove(List.of("rotary_pct", "rotary_emb_base", "rope_scaling"));
    json.putObject("rope_parameters")
        .put("rope_type", "default")
        .put("rope_theta", 5000)
        .put("partial_rotary_factor", 0.5);
    assertEquals(expected, HuggingFaceConfig.read(write(json)));
    json.remove("rope_parameters");
    json.put("rope_theta", 5000).put("partial_rotary_factor", 0.5);
    assertEquals(expected, HuggingFaceConfig.read(write(json)));
  }

  @Test
  void whatIsNotSupportedIsNamed() throws Exception {
    refusedConfig("model_type \"llama\" is not supported", "model_type", "\"llama\"");
    refusedConfig("use_parallel_residual false", "use_parallel_residual", "false");
    refusedConfig("attention_bias false", "attention_bias", "false");
    refusedConfig("tie_word_embeddings true", "tie_word_embeddings", "true");
    refusedConfig(
        "hidden_act \"gelu_new\" is not supported; gelu is", "hidden_act", "\"gelu_new\"");
    refusedConfig("attention_dropout 1.5 is not a number from 0", "attention_dropout", "1.5");
    refusedConfig("hidden_dropout \"a\" is not a number from 0", "hidden_dropout", "\"a\"");
    refusedConfig("rope_scaling {\"type\":\"linear\"}", "rope_scaling", "{\"type\":\"linear\"}");
    refusedConfig("rope_type \"yarn\"", "rope_parameters", "{\"rope_type\":\"yarn\"}");
    refusedConfig("quantization_config", "quantization_config", "{\"bits\":4}");
    refusedConfig("num_hidden_layers 0 is not a whole number", "num_hidden_layers", "0");
    refusedConfig("hidden_size \"24\" is not a whole number", "hidden_size", "\"24\"");
    refusedConfig("24 is not a multiple of num_attention_heads 5", "num_attention_heads", "5");
  }

  @Test
  void everyDifferenceIsListedWithItsProbableCause() throws Exception {
    try (WeightFiles files = WeightFiles.open(golden(WHOLE))) {
      misfit(
          files,
          new VanillaConfig(48, stack(2, 24, 3, 40)),
          "Probable cause: vocab_size is 40 in the file, 48 in the model.",
          "gpt_neox.embed_in.weight has shape [40, 24] in the file, [48, 24] in the model",
          "embed_out.weight has shape [40, 24] in the file, [48, 24] in the model");
      misfit(
          files,
          new VanillaConfig(40, stack(3, 24, 3, 40)),
          "num_hidden_layers is 2 in the file, 3 in the model",
          "gpt_neox.layers.2.mlp.dense_4h_to_h.bias [24] is missing");
      misfit(
          files,
          new VanillaConfig(40, stack(1, 24, 3, 96)),
          "num_hidden_layers is 2 in the file, 1 in the model",
          "intermediate_size is 40 in the file, 96 in the model",
          "gpt_neox.layers.1.input_layernorm.weight [24] is not in the model",
          "gpt_neox.layers.0.mlp.dense_h_to_4h.weight has shape [40, 24] in the file, [96, 24]");
      misfit(
          files,
          new VanillaConfig(40, stack(2, 32, 4, 40)),
          "hidden_size is 24 in the file, 32 in the model",
          "gpt_neox.layers.1.attention.query_key_value.bias has shape [72] in the file, [96]");
      // A different head count leaves no trace.
      WeightCheck.match(
          files, Architecture.of(new VanillaConfig(40, stack(2, 24, 6, 40))), FailureCause.DATA);
    }
  }

  @Test
  void leftoversAreTolerated() throws Exception {
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    try (WeightFiles files = WeightFiles.open(golden(WHOLE))) {
      files.names().forEach(name -> tensors.put(name, files.data(name)));
      for (String name : List.of("bias", "masked_bias", "rotary_emb.inv_freq")) {
        tensors.put("gpt_neox.layers.0.attention." + name, TestData.floats(List.of(1L), 1f));
      }
      WeightWriter.write(folder, tensors, 1L << 40);
    }
    assertTrue(difference(folder, golden(WHOLE), Precision.FP64) < 1e-6);
  }

  private static DecoderConfig stack(int layers, int hidden, int heads, int wide) {
    return new DecoderConfig(layers, hidden, heads, wide, 0.5, 5000, 2e-5, 0.02);
  }

  private static void misfit(WeightFiles files, VanillaConfig config, String... parts) {
    refused(() -> WeightCheck.match(files, Architecture.of(config), FailureCause.CONFIG), parts);
  }

  private ObjectNode config() throws Exception {
    return (ObjectNode) JSON.readTree(golden(WHOLE).resolve("config.json").toFile());
  }

  private Path write(ObjectNode json) throws IOException {
    return Files.writeString(folder.resolve("config.json"), json.toString());
  }

  private void refusedConfig(String message, String key, String value) throws Exception {
    ObjectNode json = config();
    json.set(key, JSON.readTree(value));
    Path file = write(json);
    refused(() -> HuggingFaceConfig.read(file), file.toString(), message);
  }

  /** Largest difference of a log-probability from the golden ones. */
  private static double difference(Path weights, Path golden, Precision precision)
      throws IOException {
    Architecture architecture =
        Architecture.of(HuggingFaceConfig.read(golden.resolve("config.json")));
    double worst = 0;
    try (WeightFiles files = WeightFiles.open(weights);
        TensorScope scope = Torch.scope();
        LanguageModel model =
            new LanguageModel(
                architecture,
                WeightLoader.load(
                    files,
                    architecture,
                    scope,
                    precision == Precision.FP64 ? TensorType.FP64 : TensorType.FP32,
                    FailureCause.DATA),
                precision)) {
      SequenceScorer scorer = new SequenceScorer(model, false, 1);
      for (JsonNode sequence :
          JSON.readTree(golden.resolve("golden.json").toFile()).path("sequences")) {
        int[] ids =
            StreamSupport.stream(sequence.path("token_ids").spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
        double[] found = scorer.score(List.of(ids)).get(0).logProbabilities();
        assertTrue(Double.isNaN(found[0]));
        for (int i = 1; i < ids.length; i++) {
          double expected = sequence.path("token_logprobs").path(i).asDouble();
          worst = Math.max(worst, Math.abs(found[i] - expected));
        }
      }
    }
    return worst;
  }

  private static long[] longs(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
  }
}
