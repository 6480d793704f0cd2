package dev.pawl.activities.stage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.activities.artifact.DurableFiles;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Trains a model. What is done survives in checkpoints; the next attempt goes on from the newest
 * valid one and ends with the same bits. The artifact is the final checkpoint.
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
    try (TrainingSamples samples = TrainingSamples.open(config, corpus, data, context.work())) {
      TrainingCheckpoints checkpoints =
          new TrainingCheckpoints(
              context, lineage(config, context, corpus), config.training().anomalies());
      Pretraining training = new Pretraining(config, context, samples, checkpoints);
      Checkpoint last = training.run();
      Path target = context.output().resolve(last.folder().getFileName());
      Files.createDirectories(target);
      for (Path file : files(last.folder())) {
        // The working folder keeps its checkpoint until the stage is done.
        DurableFiles.linkOrCopy(file, target.resolve(file.getFileName()));
      }
      checkpoints.record(
          last,
          "artifacts/%s/%s/%s".formatted(kind().id(), context.stage().key(), target.getFileName()));
      MetricsFile.write(context.output(), context.database().metrics(), context.stage().key());
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("step", last.step());
      result.put("sha256", last.sha256());
      training.endedBy().ifPresent(ended -> result.put(EndedBy.KEY, ended.id()));
      return new StageResult(Json.text(result));
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

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
