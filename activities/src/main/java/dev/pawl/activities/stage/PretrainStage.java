package dev.pawl.activities.stage;

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
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Trains a model. What is done survives in checkpoints; the next attempt goes on from the newest
 * valid one and ends with the same bits. The artifact is the final checkpoint, and beside it those
 * that are kept for good.
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
      ConsumedSamples consumed = new ConsumedSamples(reader.apply(opened.data()));
      TrainingLineage lineage = new TrainingLineage(config, context, corpus, consumed);
      try (TrainingCheckpoints checkpoints =
          new TrainingCheckpoints(context, config.training(), lineage)) {
        Pretraining training = new Pretraining(config, context, opened.with(consumed), checkpoints);
        Checkpoint last = training.run();
        checkpoints.publish(
            last,
            context.output(),
            "artifacts/%s/%s".formatted(kind().id(), context.stage().key()));
        MetricsFile.write(context.output(), context.database().metrics(), context.stage().key());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("step", last.step());
        result.put("sha256", last.sha256());
        training.endedBy().ifPresent(ended -> result.put(EndedBy.KEY, ended.id()));
        return new StageResult(Json.text(result));
      }
    }
  }
}
