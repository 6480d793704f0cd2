package dev.pawl.experiments;

import dev.pawl.model.config.LoadFromVanilla;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Setting;
import dev.pawl.model.config.TrainingConfig;
import java.util.Map;
import java.util.Optional;

/** An experiment as asked for: some models, each trained, evaluated and measured alike. */
public record ExperimentSpec(
    @Setting(doc = "Name of the experiment.") String experiment,
    @Setting(doc = "Seed of initial weights and of the order of samples.", defaultValue = "42")
        long seed,
    @Setting(doc = "The documents.") DatasetSpec dataset,
    @Setting(doc = "The tokenizer.") TokenizerSpec tokenizer,
    @Setting(doc = "The models by the name of their run.") Map<String, ModelConfig> models,
    @Setting(doc = "The training recipe, for all models.") TrainingConfig training,
    @Setting(doc = "A vanilla checkpoint that the block models start from.")
        Optional<LoadFromVanilla> loadFromVanilla,
    @Setting(doc = "Zero-shot evaluation.") EvaluationSpec evaluation,
    @Setting(doc = "Generation-time measurement.") GenerationSpec generation,
    @Setting(
            doc = "Compute threads; 0 is one a processor, at most 16.",
            defaultValue = "0",
            min = 0)
        int threads) {

  public ExperimentSpec {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("models: at least one model is needed");
    }
    if (threads == 0) {
      threads = Math.min(16, Runtime.getRuntime().availableProcessors());
    }
  }

  /** The same experiment with other models. */
  public ExperimentSpec withModels(Map<String, ModelConfig> others) {
    return new ExperimentSpec(
        experiment,
        seed,
        dataset,
        tokenizer,
        others,
        training,
        loadFromVanilla,
        evaluation,
        generation,
        threads);
  }
}
