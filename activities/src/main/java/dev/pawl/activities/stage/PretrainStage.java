package dev.pawl.activities.stage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.Torch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Trains a model. What is done survives in checkpoints; the next attempt goes on from the newest
 * valid one and ends with the same bits. The artifact is the final checkpoint, and beside it those
 * that are kept for good.
 */
public final class PretrainStage implements Stage<PretrainStageConfig> {
  @Override
  public Class<PretrainStageConfig> configType() {
    return PretrainStageConfig.class;
  }

  @Override
  public StageKind kind() {
    return StageKind.PRETRAIN;
  }

  @Override
  public StageResult execute(PretrainStageConfig config, StageContext context) throws IOException {
    Torch.start(config.threads());
    Path data = context.input("tokenize");
    TokenizedCorpus corpus =
        Json.read(data.resolve(TokenizedCorpus.FILE_NAME), TokenizedCorpus.class);
    if (corpus.vocabularySize() > config.model().vocabSize()) {
      throw new PawlException(
          FailureCause.CONFIG,
          "the tokenizer has %d tokens, more than the model's vocab_size %d: raise it"
              .formatted(corpus.vocabularySize(), config.model().vocabSize()));
    }
    try (TrainingSamples samples = TrainingSamples.open(config, corpus, data, context.work());
        TrainingCheckpoints checkpoints =
            new TrainingCheckpoints(context, config.training(), lineage(config, context, corpus))) {
      Checkpoint last = new Pretraining(config, context, samples, checkpoints).run();
      checkpoints.publish(
          last, context.output(), "artifacts/%s/%s".formatted(kind().id(), context.stage().key()));
      MetricsFile.write(context.output(), context.database().metrics(), context.stage().key());
      return new StageResult(Json.text(Map.of("step", last.step(), "sha256", last.sha256())));
    }
  }

  private static JsonNode lineage(
      PretrainStageConfig config, StageContext context, TokenizedCorpus corpus) {
    Map<String, Object> lineage = new LinkedHashMap<>();
    lineage.put("stage_key", context.stage().key());
    lineage.put("inputs", context.stage().inputs());
    lineage.put("model", CanonicalJson.tree(config.model()));
    lineage.put("training", CanonicalJson.tree(config.training()));
    if (config.loadFromVanilla() != null) {
      lineage.put("load_from_vanilla", CanonicalJson.tree(config.loadFromVanilla()));
    }
    lineage.put("seed", config.seed());
    if (config.sampling() != null) {
      lineage.put("sampling", CanonicalJson.tree(config.sampling()));
    }
    lineage.put("device_kind", config.deviceKind());
    lineage.put("threads", config.threads());
    lineage.put("libtorch", Torch.version());
    lineage.put("tokenizer_digest", corpus.tokenizerDigest());
    return CanonicalJson.tree(lineage);
  }
}
