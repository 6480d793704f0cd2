package dev.pawl.experiments.preset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.experiments.Experiments;
import dev.pawl.experiments.LoadedExperiment;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.RobertaConfig;
import dev.pawl.model.config.T5Config;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import dev.pawl.model.training.StepResult;
import dev.pawl.model.training.Trainer;
import dev.pawl.model.training.TrainingData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every preset learns from one step, at a width that a test can afford, in its own precision. */
class PresetStepTest {
  private static final String DECODER =
      "{config: {num_hidden_layers: 2, hidden_size: 32, num_attention_heads: 1}}";

  private static final TrainingData COUNTING =
      (position, ids, mask) -> {
        for (int i = 0; i < ids.length; i++) {
          ids[i] = (int) ((position * 7 + i * 3L) % 61) + 1;
          mask[i] = (byte) (position % 2 == 0 && i < 2 ? 0 : 1);
        }
      };

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    Torch.start(2);
  }

  static List<String> presets() {
    return Presets.names();
  }

  @ParameterizedTest
  @MethodSource("presets")
  void firstStepsLowerTheLoss(String name) throws IOException {
    LoadedExperiment small = shrunk(name);
    ModelConfig model = small.spec().models().get("m");
    TrainingConfig training = small.spec().training();
    assertEquals(Precision.BF16, training.precision());
    try (TensorScope scope = Torch.scope()) {
      Architecture architecture = Architecture.of(model);
      TrainingState state = TrainingState.initial(scope, architecture, 1);
      try (Trainer trainer = new Trainer(architecture, training, COUNTING, state, 1)) {
        StepResult first = trainer.step();
        assertTrue(first.gradientNorm() > 0);
        double last = 0;
        for (int i = 0; i < 7; i++) {
          last = trainer.step().loss();
        }
        assertTrue(last < first.loss() - 0.05, first.loss() + " -> " + last);
      }
    }
  }

  // The preset's shape and recipe with small numbers in them.
  private LoadedExperiment shrunk(String name) throws IOException {
    Path file = folder.resolve("small.yaml");
    Files.writeString(
        file,
        """
        experiment: small
        models:
          m:
            preset: %s
            vocab_size: 128
            %s
        training:
          preset: %s
          max_length: 32
          total_batch_size: 4
          per_device_train_batch_size: 2
          learning_rate: 1.0e-2
          num_warmup_steps: 1
        """
            .formatted(name, sizes(ModelFiles.load(name).model()), name));
    return Experiments.load(file, List.of());
  }

  private static String sizes(ModelConfig model) {
    if (!(model instanceof BlockConfig block)) {
      return "model_config: {num_hidden_layers: 2, hidden_size: 32, num_attention_heads: 1,"
          + " intermediate_size: 64}";
    }
    String embedder =
        block.embedder().config() instanceof RobertaConfig
            ? "{config: {num_hidden_layers: 1, hidden_size: 16, num_attention_heads: 1}}"
            : "{config: {hidden_size: 0}}";
    boolean narrow =
        block.tokenDecoder().config().width() < block.blockDecoder().config().hiddenSize();
    String token = narrow ? DECODER.replace("32", "16") : DECODER;
    if (block.tokenDecoder().config() instanceof T5Config) {
      token = "{config: {num_layers: 2, d_model: 32, d_ff: 64, d_kv: 16, num_heads: 2}}";
    }
    return "embedder: %s\n    block_decoder: %s\n    token_decoder: %s"
        .formatted(embedder, DECODER, token);
  }
}
