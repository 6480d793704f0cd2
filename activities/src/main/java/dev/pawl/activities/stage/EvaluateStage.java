package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.db.EvaluationRow;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.EvaluateStageConfig;
import dev.pawl.experiments.stage.FileIdentity;
import dev.pawl.experiments.stage.TaskConfig;
import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.evaluation.Evaluation;
import dev.pawl.model.evaluation.GroupScorer;
import dev.pawl.model.evaluation.Preparation;
import dev.pawl.model.evaluation.PreparedTask;
import dev.pawl.model.evaluation.TaskResult;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.generation.SequenceScorer;
import dev.pawl.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Scores tasks with checkpoints, in the padding mode and precision of their training. Every answer
 * is stored on the way; an attempt computes what those before it left.
 */
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
    List<EvaluationRow> rows = new ArrayList<>();
    EvaluateProgress progress = new EvaluateProgress(context);
    try (Tokenizer tokenizer = TokenizerArtifact.open(context.input("tokenize"))) {
      Map<Long, Path> checkpoints =
          EvaluatedCheckpoints.choose(context.input("pretrain"), config.checkpoints(), context);
      for (Map.Entry<Long, Path> checkpoint : checkpoints.entrySet()) {
        try (TrainedModel trained = TrainedModel.openCheckpoint(checkpoint.getValue())) {
          for (TaskConfig task : config.tasks()) {
            context.check();
            rows.addAll(
                evaluate(
                    task,
                    checkpoint.getKey(),
                    trained,
                    tokenizer,
                    config.batchSize(),
                    context,
                    progress));
          }
        }
      }
    }
    // As the record gives them back.
    rows.sort(
        Comparator.comparingLong(EvaluationRow::step)
            .thenComparing(EvaluationRow::task)
            .thenComparing(EvaluationRow::metric));
    context.database().evaluations().record(context.claim(), rows);
    Json.write(context.output().resolve("evaluation.json"), rows);
    return new StageResult(Json.text(Map.of("evaluation", rows)));
  }

  private static List<EvaluationRow> evaluate(
      TaskConfig task,
      long step,
      TrainedModel trained,
      Tokenizer tokenizer,
      int batchSize,
      StageContext context,
      EvaluateProgress progress)
      throws IOException {
    progress.next();
    List<Path> files = new ArrayList<>();
    for (FileIdentity file : task.files()) {
      files.add(file(file, context.input("corpus")));
    }
    int maxLength = trained.training().maxLength();
    PreparedTask prepared =
        Preparation.prepare(
            task.name(), task.definition(), files, task.limit(), tokenizer, maxLength);
    // The engine computes in groups of its own; nothing depends on the scorer's batch size.
    SequenceScorer scorer = new SequenceScorer(trained.model(), trained.padded(), 1);
    TaskResult result =
        Evaluation.run(
            prepared,
            new GroupScorer(scorer, maxLength),
            new DatabaseAnswers(context, step, task.name()),
            batchSize,
            (name, done, total) -> progress.scored(name, step, done, total));
    return result.metrics().stream()
        .map(
            metric ->
                new EvaluationRow(
                    step,
                    result.task(),
                    result.version(),
                    metric.metric(),
                    metric.value(),
                    metric.stderr(),
                    result.documents()))
        .toList();
  }

  private static Path file(FileIdentity identity, Path corpus) throws IOException {
    String path = identity.path();
    if (path.startsWith(TaskConfig.CORPUS)) {
      return corpus.resolve(path.substring(TaskConfig.CORPUS.length()));
    }
    Path file = Path.of(path);
    boolean same =
        Files.isRegularFile(file)
            && FileDigests.of(file, bytes -> {}).sha256().equals(identity.sha256());
    if (!same) {
      throw new PawlException(
          FailureCause.DATA,
          "%s is not the file that was planned; bring it back, or run the experiment again"
              .formatted(file));
    }
    return file;
  }
}
