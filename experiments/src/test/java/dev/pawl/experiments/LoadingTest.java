package dev.pawl.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pawl.experiments.yaml.Binder;
import dev.pawl.model.config.BlockConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadingTest {
  private static LoadedExperiment quickstart(String... overrides) {
    return Experiments.load(Path.of("quickstart.yaml"), List.of(overrides));
  }

  @Test
  void overrideWinsOverFileAndLaterOverTheEarlier() {
    LoadedExperiment loaded = quickstart("training.save_steps=7", "training.save_steps=9");
    assertEquals(9, loaded.spec().training().saveSteps());
    assertEquals("command line", loaded.sources().get("training.save_steps"));
  }

  @Test
  void absentValueIsTheSettingsDefault() {
    LoadedExperiment loaded = quickstart();
    assertEquals(0.9, loaded.spec().training().adamBeta1());
    assertEquals(Binder.DEFAULT, loaded.sources().get("training.adam_beta1"));
  }

  @Test
  void valueChosenByAConstructorIsDerived() {
    LoadedExperiment loaded = quickstart("training.stop_steps=0");
    assertEquals(loaded.spec().training().numTrainSteps(), loaded.spec().training().stopSteps());
    assertEquals(Binder.DERIVED, loaded.sources().get("training.stop_steps"));
    BlockConfig block = (BlockConfig) loaded.spec().models().get("block");
    assertEquals(16, block.embedder().config().width());
    assertEquals(Binder.DERIVED, loaded.sources().get("models.block.embedder.config.hidden_size"));
  }

  @Test
  void givenValueHasTheLineOfItsKey() {
    assertEquals("quickstart.yaml:4", quickstart().sources().get("seed"));
  }
}
