package dev.pawl.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.ParameterSpec;
import dev.pawl.model.architecture.Weights;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.ActivationRecompute;
import dev.pawl.model.config.Precision;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every variant owes to training: gradients everywhere, the same bits again, no matter how.
 */
class VariantTrainingTest {
  private static final String DEAD = "block_decoder.gpt_neox.embed_in.weight";

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    Torch.start(2);
  }

  static Stream<String> variants() {
    return VariantFixture.all().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void aStepMovesEveryWeightByItsOwnGradient(String name) {
    Architecture architecture = Architecture.of(VariantFixture.all().get(name));
    Map<String, double[]> gradients = gradients(architecture, Precision.FP32, false, 3);
    gradients.forEach(
        (parameter, gradient) ->
            assertTrue(
                Arrays.stream(gradient).anyMatch(g -> g != 0)
                    && Arrays.stream(gradient).allMatch(Double::isFinite),
                parameter));
    assertFalse(gradients.containsKey(DEAD));
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = TrainingState.initial(scope, architecture, 1);
      Map<String, double[]> before = copies(state.weights());
      double rate;
      try (Trainer trainer = trainer(architecture, Precision.FP32, state)) {
        // The schedule starts with two steps at rate zero.
        trainer.step();
        trainer.step();
        rate = trainer.step().learningRate();
      }
      assertTrue(rate > 0);
      copies(state.weights())
          .forEach(
              (parameter, after) ->
                  assertNotEquals(
                      Arrays.hashCode(before.get(parameter)), Arrays.hashCode(after), parameter));
      assertFalse(state.firstMoments().containsKey(DEAD));
      double[] dead = state.weights().get(DEAD).toDoubles();
      for (int i = 0; i < dead.length; i++) {
        double expected = before.get(DEAD)[i] * (1 - rate * 0.1);
        assertEquals(expected, dead[i], 1e-7 * Math.abs(expected));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void recomputedGradientsAreBitwiseTheSame(String name) {
    Architecture architecture = Architecture.of(VariantFixture.all().get(name));
    for (Precision precision : List.of(Precision.FP32, Precision.BF16)) {
      Map<String, double[]> kept = gradients(architecture, precision, false, 3);
      gradients(architecture, precision, true, 3)
          .forEach(
              (parameter, again) ->
                  assertArrayEquals(kept.get(parameter), again, precision + " " + parameter));
    }
  }

  @Test
  void vanillaGradientsAreBitwiseTheSameWhenRecomputed() {
    Architecture architecture = Architecture.of(TrainingFixture.vanilla());
    for (Precision precision : List.of(Precision.FP32, Precision.BF16)) {
      Map<String, double[]> kept = gradients(architecture, precision, false, 3);
      gradients(architecture, precision, true, 3)
          .forEach(
              (parameter, again) ->
                  assertArrayEquals(kept.get(parameter), again, precision + " " + parameter));
    }
  }

  @Test
  void dropoutIsAFunctionOfTheSeed() {
    for (String name : List.of("roberta", "t5 cross-attention", "t5 embedder")) {
      Architecture architecture = Architecture.of(VariantFixture.all().get(name));
      String parameter = "block_decoder.gpt_neox.final_layer_norm.weight";
      double[] first = gradients(architecture, Precision.FP32, false, 3).get(parameter);
      assertArrayEquals(
          first, gradients(architecture, Precision.FP32, false, 3).get(parameter), name);
      assertFalse(
          Arrays.equals(first, gradients(architecture, Precision.FP32, false, 4).get(parameter)),
          name);
    }
    Architecture lookup = Architecture.of(VariantFixture.all().get("prefix"));
    assertArrayEquals(
        gradients(lookup, Precision.FP32, false, 3).get("embedder.embeddings.weight"),
        gradients(lookup, Precision.FP32, false, 4).get("embedder.embeddings.weight"));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void resumedTrainingEqualsStraightTrainingBitForBit(String name) {
    Architecture architecture = Architecture.of(VariantFixture.all().get(name));
    CheckpointStore store = new CheckpointStore(folder);
    Checkpoint straight;
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = TrainingState.initial(scope, architecture, 1);
      try (Trainer trainer = trainer(architecture, Precision.BF16, state)) {
        trainer.step();
        trainer.step();
        store.save(state, JsonNodeFactory.instance.objectNode());
        trainer.step();
        straight = store.save(state, JsonNodeFactory.instance.objectNode());
      }
    }
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = TrainingState.empty(scope, architecture);
      CheckpointStore.load(CheckpointStore.verify(folder.resolve("checkpoint-2")), state);
      try (Trainer trainer = trainer(architecture, Precision.BF16, state)) {
        trainer.step();
        CheckpointStore second = new CheckpointStore(folder.resolve("second"));
        assertEquals(
            straight.sha256(), second.save(state, JsonNodeFactory.instance.objectNode()).sha256());
      }
    }
  }

  @Test
  void aTiedTableIsStoredUnderEveryName() throws Exception {
    Architecture architecture = Architecture.of(VariantFixture.all().get("t5 cross-attention"));
    try (TensorScope scope = Torch.scope()) {
      Checkpoint saved =
          new CheckpointStore(folder)
              .save(
                  TrainingState.initial(scope, architecture, 1),
                  JsonNodeFactory.instance.objectNode());
      JsonNode tensors =
          new ObjectMapper()
              .readTree(Files.readAllBytes(saved.folder().resolve("manifest.json")))
              .path("files")
              .path("model.safetensors")
              .path("tensors");
      String digest = tensors.path("token_decoder.shared.weight").asText();
      assertFalse(digest.isEmpty());
      assertEquals(digest, tensors.path("token_decoder.decoder.embed_tokens.weight").asText());
      assertEquals(digest, tensors.path("token_decoder.lm_head.weight").asText());
      assertFalse(tensors.path(DEAD).isMissingNode());
    }
  }

  @Test
  void initialWeightsHaveThePublishedSpread() {
    Architecture architecture = Architecture.of(VariantFixture.all().get("t5 cross-attention"));
    try (TensorScope scope = Torch.scope()) {
      Map<String, Tensor> weights = Weights.initial(scope, architecture, 1);
      spread(weights, "token_decoder.shared.weight", 1);
      spread(weights, "embedder.projection_layer.weight", 1 / Math.sqrt(16 * 3));
      spread(weights, "token_decoder.expansion_layer.weight", 1 / Math.sqrt(32));
      spread(
          weights,
          "token_decoder.decoder.block.0.layer.0.SelfAttention.q.weight",
          1 / Math.sqrt(32 * 16));
      spread(
          weights,
          "token_decoder.decoder.block.0.layer.1.EncDecAttention.k.weight",
          1 / Math.sqrt(32));
      spread(
          weights,
          "token_decoder.decoder.block.0.layer.2.DenseReluDense.wo.weight",
          1 / Math.sqrt(64));
      spread(weights, "block_decoder.gpt_neox.layers.0.mlp.dense_h_to_4h.weight", 0.02);
      spread(weights, DEAD, 0.02);
      double[] words = weights.get("embedder.embeddings.word_embeddings.weight").toDoubles();
      assertArrayEquals(new double[16], Arrays.copyOfRange(words, 16, 32));
    }
  }

  private static void spread(Map<String, Tensor> weights, String name, double deviation) {
    double[] values = weights.get(name).toDoubles();
    double square = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
    assertEquals(1, Math.sqrt(square) / deviation, 5 / Math.sqrt(2.0 * values.length), name);
  }

  private static Map<String, double[]> gradients(
      Architecture architecture, Precision precision, boolean recompute, long seed) {
    Map<String, double[]> gradients =
        TrainingBatch.gradients(architecture, precision, recompute, seed);
    assertEquals(
        architecture.trained().stream().map(ParameterSpec::name).toList(),
        List.copyOf(gradients.keySet()));
    return gradients;
  }

  private static Trainer trainer(
      Architecture architecture, Precision precision, TrainingState state) {
    return new Trainer(
        architecture,
        TrainingFixture.training(precision, 2, ActivationRecompute.NONE),
        TrainingFixture.COUNTING,
        state,
        1);
  }

  private static Map<String, double[]> copies(Map<String, Tensor> tensors) {
    Map<String, double[]> copies = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> copies.put(name, tensor.toDoubles()));
    return copies;
  }
}
