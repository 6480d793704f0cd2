package dev.pawl.activities.stage;

import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.training.TrainingData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Trains a model. What is done survives in checkpoints; the next attempt goes on from the newest
 * valid one and ends with the same bits. The artifact is the final checkpoint.
 */
public final class PretrainStage implements Stage<PretrainStageConfig> {
  private final UnaryOperator<TrainingData> reader;

  public PretrainStage() {
    this(data -> data);
  }

  /** One that reads its samples through something of the caller's. */
  PretrainStage(UnaryOperator<TrainingData> reader) {
    this.reader = reader;
  }

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
    Exactness.begin(context, config.deviceKind(), config.threads());
    Path data = context.input("tokenize");
    TokenizedCorpus corpus =
        Json.read(data.resolve(TokenizedCorpus.FILE_NAME), TokenizedCorpus.class);
    if (corpus.vocabularySize() > config.model().vocabSize()) {
      throw new PawlException(
          FailureCause.CONFIG,
          "the tokenizer has %d tokens, more than the model's vocab_size %d: raise it"
              .formatted(corpus.vocabularySize(), config.model().vocabSize()));
    }
    try (TrainingSamples opened = TrainingSamples.open(config, corpus, data, context.work())) {
      ConsumedSamples consumed =
          new ConsumedSamples(reader.apply(opened.data()), config.training().totalBatchSize());
      TrainingSamples samples = opened.with(consumed);
      TrainingCheckpoints checkpoints =
          new TrainingCheckpoints(context, new TrainingLineage(config, context, corpus, consumed));
      Checkpoint last = new Pretraining(config, context, samples, checkpoints).run();
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
      return new StageResult(Json.text(Map.of("step", last.step(), "sha256", last.sha256())));
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
