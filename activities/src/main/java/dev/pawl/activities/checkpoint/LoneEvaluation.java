package dev.pawl.activities.checkpoint;

import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.plan.StageKey;
import dev.pawl.model.config.TaskDefinition;
import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.evaluation.Evaluation;
import dev.pawl.model.evaluation.EvaluationListener;
import dev.pawl.model.evaluation.GroupScorer;
import dev.pawl.model.evaluation.JournalAnswers;
import dev.pawl.model.evaluation.Preparation;
import dev.pawl.model.evaluation.PreparedTask;
import dev.pawl.model.evaluation.TaskResult;
import dev.pawl.model.generation.LanguageModel;
import dev.pawl.model.generation.SequenceScorer;
import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An evaluation of one checkpoint outside any experiment. The answers are kept in a folder of the
 * home until all tasks are done, so that the same evaluation goes on after a failure; the folder is
 * known by all that determines them but the data, whose digests the journals hold.
 */
public final class LoneEvaluation {
  private final StoredModel stored;
  private final Tokenizer tokenizer;
  private final boolean padded;
  private final int limit;
  private final Path home;

  /**
   * An evaluation.
   *
   * @param padded how a block model is read
   * @param limit first documents of each task only; 0 is all
   */
  public LoneEvaluation(
      StoredModel stored, Tokenizer tokenizer, boolean padded, int limit, Path home) {
    this.stored = stored;
    this.tokenizer = tokenizer;
    this.padded = padded;
    this.limit = limit;
    this.home = home;
  }

  /** Reads and encodes the documents of a task. */
  public PreparedTask prepare(TaskDefinition task, List<Path> files) throws IOException {
    return Preparation.prepare(task.task(), task, files, limit, tokenizer, stored.maxLength());
  }

  /** The folder of the journals. */
  public Path folder(String precision) throws IOException {
    List<String> parts = new ArrayList<>(List.of("evaluation", "1"));
    parts.add(CanonicalJson.write(stored.config()));
    parts.add(weights());
    parts.add(tokenizer.digest());
    parts.add(precision);
    parts.add(Boolean.toString(padded));
    parts.add(Integer.toString(limit));
    parts.add(Integer.toString(stored.maxLength()));
    parts.add(Torch.deviceKind());
    parts.add(Integer.toString(Torch.threads()));
    parts.add(Torch.version());
    return home.resolve("evaluations").resolve(StageKey.hash(parts));
  }

  // The optimizer's state decides nothing.
  private String weights() throws IOException {
    StringBuilder digests = new StringBuilder();
    try (Stream<Path> files = Files.list(stored.folder())) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".safetensors") && !name.startsWith("optimizer")) {
          digests.append(name).append(' ').append(digest(file)).append('\n');
        }
      }
    }
    return digests.toString();
  }

  private static String digest(Path file) throws IOException {
    return FileDigests.of(file, bytes -> {}).sha256();
  }

  /** Answers what has no answer yet in the folder, and computes the metrics of a task. */
  public TaskResult run(
      PreparedTask task,
      List<Path> files,
      Path folder,
      LanguageModel model,
      int batchSize,
      EvaluationListener listener)
      throws IOException {
    Map<String, String> data = new TreeMap<>();
    for (Path file : files) {
      data.put(file.toAbsolutePath().normalize().toString(), digest(file));
    }
    String definition =
        StageKey.hash(List.of(CanonicalJson.write(task.definition()))).substring(0, 16);
    Path journal = folder.resolve("%s-%s.jsonl".formatted(task.name(), definition));
    return Evaluation.run(
        task,
        new GroupScorer(new SequenceScorer(model, padded, 1), stored.maxLength()),
        JournalAnswers.open(journal, task.name(), data),
        batchSize,
        listener);
  }

  /** Forgets all answers. */
  public static void forget(Path folder) throws IOException {
    DurableFiles.remove(folder);
  }
}
