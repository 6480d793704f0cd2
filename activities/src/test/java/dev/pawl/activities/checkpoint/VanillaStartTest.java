package dev.pawl.activities.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.experiments.plan.CheckpointIdentity;
import dev.pawl.experiments.stage.FileIdentity;
import dev.pawl.experiments.stage.UptrainConfig;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.Weights;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecoderConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.EmbedderClass;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.LoadFromVanilla;
import dev.pawl.model.config.LookupConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.ProjectionMethod;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.UptrainMethod;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.TensorType;
import dev.pawl.model.torch.Torch;
import dev.pawl.model.weights.WeightLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VanillaStartTest {
  private static final Path GOLDEN =
      Path.of("../model/src/test/resources/dev/pawl/model/weights/gpt-neox-fp32");
  private static final LoadFromVanilla SETTINGS =
      new LoadFromVanilla(UptrainMethod.PARTITION, "unused", true, true, false);

  @TempDir private Path folder;

  private static DecoderConfig layer() {
    return new DecoderConfig(1, 24, 3, 40, 0.5, 5000, 2e-5, 0.02);
  }

  private static BlockConfig block() {
    return new BlockConfig(
        40,
        4,
        new EmbedderConfig(
            EmbedderClass.LOOKUP,
            1,
            3,
            ProjectionMethod.PROJECTION_LAYER,
            new LookupConfig(24, 0.02)),
        BlockDecoderConfig.of(layer()),
        TokenDecoderConfig.prefix(2, layer()));
  }

  @Test
  void aBlockModelStartsFromTheStoredWeights() throws IOException {
    Torch.start(2);
    Architecture architecture = Architecture.of(block());
    try (TensorScope scope = Torch.scope();
        StoredModel stored = StoredModel.open(GOLDEN, Optional.empty())) {
      Map<String, Tensor> weights = Weights.initial(scope, architecture, 1);
      Map<String, Tensor> fresh = Weights.initial(scope, architecture, 1);
      VanillaStart.apply(
          new UptrainConfig(CheckpointIdentity.of(GOLDEN), SETTINGS), block(), weights);
      try (InferenceModel loaded = InferenceModel.load(stored, Precision.FP32)) {
        assertEquals(40, loaded.model().architecture().config().vocabSize());
      }
      Map<String, Tensor> vanilla =
          WeightLoader.load(
              stored.weights(),
              Architecture.of(stored.config()),
              scope,
              TensorType.FP32,
              stored.mismatch());
      for (String name : Set.of("attention.query_key_value.weight", "mlp.dense_h_to_4h.bias")) {
        assertArrayEquals(
            vanilla.get("gpt_neox.layers.0." + name).toDoubles(),
            weights.get("block_decoder.gpt_neox.layers.0." + name).toDoubles());
        assertArrayEquals(
            vanilla.get("gpt_neox.layers.1." + name).toDoubles(),
            weights.get("token_decoder.gpt_neox.layers.0." + name).toDoubles());
      }
      String norm = "block_decoder.gpt_neox.final_layer_norm.weight";
      assertArrayEquals(fresh.get(norm).toDoubles(), weights.get(norm).toDoubles());
    }
  }

  @Test
  void aChangedCheckpointIsRefused() throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    FileIdentity planned = CheckpointIdentity.of(folder);
    assertEquals(CheckpointIdentity.of(GOLDEN).sha256(), planned.sha256());
    byte[] bytes = Files.readAllBytes(folder.resolve("model.safetensors"));
    bytes[bytes.length - 1] ^= 1;
    Files.write(folder.resolve("model.safetensors"), bytes);
    assertNotEquals(planned.sha256(), CheckpointIdentity.of(folder).sha256());
    PawlException refusal =
        assertThrows(
            PawlException.class,
            () -> VanillaStart.apply(new UptrainConfig(planned, SETTINGS), block(), Map.of()));
    assertTrue(refusal.getMessage().contains("has changed since the experiment was planned"));
  }
}
