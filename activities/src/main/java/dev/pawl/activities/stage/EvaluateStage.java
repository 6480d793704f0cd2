package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.db.EvaluationRow;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.EvaluateStageConfig;
import dev.pawl.experiments.stage.TaskConfig;
import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.evaluation.Evaluation;
import dev.pawl.model.evaluation.ModelScorer;
import dev.pawl.model.evaluation.TaskDocument;
import dev.pawl.model.evaluation.TaskFiles;
import dev.pawl.model.evaluation.TaskKind;
import dev.pawl.model.evaluation.TaskResult;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.generation.SequenceScorer;
import dev.pawl.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Scores tasks with the final checkpoint, in the padding mode and precision of its training. */
public final class EvaluateStage implements Stage<EvaluateStageConfig> {
  @Override
  public Class<EvaluateStageConfig> configType() {
    return EvaluateStageConfig.class;
  }

  @Override
  public StageKind kind() {
    return StageKind.EVALUATE;
  }

  @Override
  public StageResult execute(EvaluateStageConfig config, StageContext context) throws IOException {
    Exactness.beginWhole(context, config.deviceKind(), config.threads());
    Path corpus = context.input("corpus");
    List<TaskResult> results = new ArrayList<>();
    try (TrainedModel trained = TrainedModel.open(context.input("pretrain"));
        Tokenizer tokenizer = TokenizerArtifact.open(context.input("tokenize"))) {
      SequenceScorer scorer =
          new SequenceScorer(trained.model(), trained.padded(), config.batchSize());
      for (TaskConfig task : config.tasks()) {
        long before = results.stream().mapToLong(TaskResult::documents).sum();
        results.add(evaluate(task, corpus, trained, tokenizer, scorer, context, before));
      }
    }
    List<EvaluationRow> rows = new ArrayList<>();
    for (TaskResult result : results) {
      result
          .metrics()
          .forEach(
              metric ->
                  rows.add(
                      new EvaluationRow(
                          result.task(),
                          metric.metric(),
                          metric.value(),
                          metric.stderr(),
                          result.documents())));
    }
    context.database().evaluations().record(context.claim(), rows);
    Json.write(context.output().resolve("evaluation.json"), rows);
    return new StageResult(Json.text(Map.of("evaluation", rows)));
  }

  private static TaskResult evaluate(
      TaskConfig task,
      Path corpus,
      TrainedModel trained,
      Tokenizer tokenizer,
      SequenceScorer scorer,
      StageContext context,
      long before)
      throws IOException {
    TaskKind kind = TaskKind.valueOf(task.kind().name());
    List<TaskDocument> documents = TaskFiles.read(file(task, corpus), kind, task.limit());
    ModelScorer model =
        new ModelScorer(
            scorer,
            trained.training().maxLength(),
            new EvaluateProgress(context, task.name(), documents, before));
    return Evaluation.run(task.name(), kind, documents, tokenizer, model);
  }

  private static Path file(TaskConfig task, Path corpus) throws IOException {
    String path = task.file().path();
    if (path.startsWith(TaskConfig.CORPUS)) {
      return corpus.resolve(path.substring(TaskConfig.CORPUS.length()));
    }
    Path file = Path.of(path);
    boolean same =
        Files.isRegularFile(file)
            && FileDigests.of(file, bytes -> {}).sha256().equals(task.file().sha256());
    if (!same) {
      throw new PawlException(
          FailureCause.DATA,
          "%s is not the file that was planned; bring it back, or run the experiment again"
              .formatted(file));
    }
    return file;
  }
}
