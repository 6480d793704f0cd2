package dev.pawl.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pawl.experiments.plan.StageKey;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.experiments.yaml.Binder;
import dev.pawl.model.config.AnomalyAction;
import dev.pawl.model.config.LrDecayStyle;
import dev.pawl.model.config.RampupConfig;
import dev.pawl.model.config.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recipes as they are written. */
class RecipeSettingsTest {
  private static final String MEGATRON =
      """
      experiment: good
      models:
        vanilla:
          model_config: {num_hidden_layers: 1, hidden_size: 32}
      training:
        max_length: 16
        total_batch_size: 8
        train_samples: 1000
        learning_rate: 1e-3
        save_steps: 5
        rampup_batch_size: {start: 2, increment: 2, samples: 60}
        schedule: {lr_decay_style: inverse-square-root, warmup_tokens: 1600}
        early_end: {max_train_minutes: 90, valid_loss: 2.5}
        anomalies: {on_nan: rewind, on_spike: skip}
        peak_flops: 312e12
      """;

  @TempDir private Path folder;

  @Test
  void aMegatronRecipeIsRead() throws IOException {
    LoadedExperiment loaded = load();
    TrainingConfig training = loaded.spec().training();
    assertEquals(new RampupConfig(2, 2, 60), training.rampupBatchSize());
    // 2 x 10 up to 20, 4 x 5 up to 40, 6 x 4 up to 64, then 8 at a time.
    assertEquals(10 + 5 + 4 + (1000 - 64) / 8, training.numTrainSteps());
    assertEquals(training.numTrainSteps(), training.stopSteps());
    assertEquals(Binder.DERIVED, loaded.sources().get("training.num_train_steps"));
    assertEquals(2, training.perDeviceTrainBatchSize());
    assertEquals(LrDecayStyle.INVERSE_SQUARE_ROOT, training.schedule().lrDecayStyle());
    assertEquals(100, training.horizon().warmup());
    assertEquals(1000, training.horizon().decay());
    assertEquals(AnomalyAction.REWIND, training.anomalies().onNan());
    assertEquals(AnomalyAction.SKIP, training.anomalies().onSpike());
    assertEquals(312e12, training.peakFlops());
    String json = CanonicalJson.write(training);
    assertEquals(training, CanonicalJson.read(json, TrainingConfig.class));
  }

  @Test
  void whatIsOnlyMeasuredAgainstDecidesNoKey() throws IOException {
    TrainingConfig training = load().spec().training();
    assertEquals(key(training), key(load("training.peak_flops=0").spec().training()));
    assertNotEquals(key(training), key(load("training.early_end.valid_loss=2").spec().training()));
  }

  @Test
  void mistakesNameTheirSettings() {
    refused(
        "num_train_steps is missing: give it, or train_samples, or train_tokens",
        "training.train_samples=0",
        "training.rampup_batch_size={}",
        "training.schedule={}");
    refused("'skipp' is none of ignore, stop, skip, rewind", "training.anomalies.on_spike=skipp");
    refused("on_nan ignore would train on", "training.anomalies.on_nan=ignore");
    refused(
        "start 2, increment 0 and samples 60 belong together",
        "training.rampup_batch_size.increment=0");
    refused("train_samples 1000 makes num_train_steps 136, not 5", "training.num_train_steps=5");
  }

  private void refused(String why, String... overrides) {
    ConfigException refused = assertThrows(ConfigException.class, () -> load(overrides).spec());
    assertEquals(1, refused.problems().size(), refused.problems().toString());
    String problem = refused.problems().get(0);
    assertEquals(why, problem.contains(why) ? why : problem);
  }

  private LoadedExperiment load(String... overrides) throws IOException {
    Path file = Files.writeString(folder.resolve("e.yaml"), MEGATRON);
    return Experiments.load(file, List.of(overrides));
  }

  private static String key(TrainingConfig training) {
    return StageKey.of(
        StageKind.PRETRAIN,
        new PretrainStageConfig(null, training, null, 1, "cpu", 1, null),
        Map.of());
  }
}
