package dev.pawl.cli;

import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.activities.checkpoint.InferenceModel;
import dev.pawl.activities.checkpoint.LoneEvaluation;
import dev.pawl.activities.checkpoint.StoredModel;
import dev.pawl.activities.checkpoint.StoredTokenizer;
import dev.pawl.experiments.task.TaskData;
import dev.pawl.experiments.task.Tasks;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.TaskDefinition;
import dev.pawl.model.evaluation.PreparedTask;
import dev.pawl.model.evaluation.TaskResult;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Evaluates one checkpoint, outside any experiment; goes on where a killed one stopped. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description = {
      "Zero-shot scores of a checkpoint, as lm-evaluation-harness computes them.",
      "Killed, the same command goes on: what was answered is kept under --home until all is done."
    })
final class EvalCommand implements Callable<Integer> {
  @Mixin private CheckpointOption checkpoint;
  @Mixin private ComputeOptions compute;
  @Mixin private HomeOption home;

  @Option(
      names = "--tasks",
      required = true,
      split = ",",
      paramLabel = "TASK",
      description = "Names of tasks, or YAML files of your own; see docs/evaluation.md")
  private List<String> tasks;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Folder of the tasks' files (the working directory).")
  private Path data;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "0",
      description = "First documents of each task only; 0 is all (${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "Requests answered before they are stored together; no value depends on it"
              + " (${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--mode",
      paramLabel = "padded|unpadded",
      description = "Block models only: how texts are read (as the model was trained).")
  private ScoreCommand.@Nullable Mode mode;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "A tokenizer.json (the one that belongs to the checkpoint).")
  private @Nullable Path tokenizer;

  @Option(
      names = "--documents",
      paramLabel = "FILE",
      description = "Writes a JSON line a document: task, number from 0, log-likelihoods, greedy.")
  private @Nullable Path documents;

  @Option(
      names = "--harness-results",
      paramLabel = "FILE",
      description = "Writes the results file of lm-evaluation-harness.")
  private @Nullable Path harness;

  @Option(names = "--restart", description = "Forgets the answers of an interrupted evaluation.")
  private boolean restart;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  /** A task with the files that it is read from. */
  private record Found(TaskDefinition task, List<Path> files) {}

  @Override
  public Integer call() throws IOException {
    requireNumbers();
    List<Found> found = find();
    try (StoredModel stored = checkpoint.open();
        Tokenizer opened = StoredTokenizer.open(stored, Optional.ofNullable(tokenizer))) {
      Precision precision = compute.start(stored);
      requireVocabulary(stored, opened);
      LoneEvaluation evaluation =
          new LoneEvaluation(stored, opened, padded(stored), limit, home.path());
      List<PreparedTask> prepared = new ArrayList<>();
      for (Found each : found) {
        prepared.add(evaluation.prepare(each.task(), each.files()));
      }
      Path folder = evaluation.folder(precision.name());
      if (restart) {
        LoneEvaluation.forget(folder);
      }
      List<TaskResult> results = new ArrayList<>();
      DocumentProgress progress = new DocumentProgress();
      try (InferenceModel loaded = InferenceModel.load(stored, precision)) {
        for (int i = 0; i < found.size(); i++) {
          results.add(
              evaluation.run(
                  prepared.get(i),
                  found.get(i).files(),
                  folder,
                  loaded.model(),
                  batchSize,
                  progress));
        }
      }
      if (documents != null) {
        write(documents, EvaluationText.documents(results));
      }
      if (harness != null) {
        write(harness, EvaluationText.harness(results, prepared, said(stored, precision)));
      }
      System.out.print(EvaluationText.results(results, format));
      System.out.flush();
      LoneEvaluation.forget(folder);
      return ExitCode.DONE;
    }
  }

  private void requireNumbers() {
    if (limit < 0 || batchSize < 1) {
      throw new PawlException(
          FailureCause.CONFIG,
          "--limit %d --batch-size %d: at least 0 and 1 are needed".formatted(limit, batchSize));
    }
  }

  private List<Found> find() {
    if (!Files.isDirectory(data)) {
      throw new PawlException(FailureCause.CONFIG, "--data %s is no folder".formatted(data));
    }
    List<Found> found = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Path> folders = List.of(data.toAbsolutePath().normalize());
    for (String name : tasks) {
      TaskDefinition task = Tasks.load(name.strip());
      if (names.contains(task.task())) {
        throw new PawlException(
            FailureCause.CONFIG, "--tasks: task %s is given twice".formatted(task.task()));
      }
      names.add(task.task());
      List<Path> files =
          TaskData.find(task, folders)
              .orElseThrow(
                  () ->
                      new PawlException(
                          FailureCause.CONFIG,
                          TaskData.missing(task, folders) + "; --data names the folder"));
      found.add(new Found(task, files));
    }
    return found;
  }

  private static void requireVocabulary(StoredModel stored, Tokenizer tokenizer) {
    if (tokenizer.vocabularySize() > stored.config().vocabSize()) {
      throw new PawlException(
          FailureCause.CONFIG,
          "the tokenizer has %d tokens, the model %d: it is another model's; name its own with --tokenizer"
              .formatted(tokenizer.vocabularySize(), stored.config().vocabSize()));
    }
  }

  private boolean padded(StoredModel stored) {
    boolean block = stored.config() instanceof BlockConfig;
    if (mode == null) {
      if (block && !stored.trainingKnown()) {
        System.err.println(
            "note: nobody says how the model was trained: read padded; published models of 300M"
                + " parameters and more want --mode unpadded");
      }
      return stored.padded();
    }
    boolean padded = mode == ScoreCommand.Mode.padded;
    if (block && stored.trainingKnown() && padded != stored.padded()) {
      System.err.printf(
          "note: --mode %s, but the model was trained %s random padding of the first block%n",
          mode, stored.padded() ? "with" : "without");
    }
    return padded;
  }

  private Map<String, Object> said(StoredModel stored, Precision precision) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("model", stored.config() instanceof BlockConfig ? "block" : "hf");
    said.put("model_args", stored.folder().toString());
    said.put("precision", precision.name().toLowerCase(Locale.ROOT));
    said.put("batch_size", batchSize);
    said.put("limit", limit == 0 ? "" : limit);
    return said;
  }

  private static void write(Path file, String text) throws IOException {
    Path absolute = file.toAbsolutePath();
    Files.createDirectories(absolute.getParent());
    DurableFiles.write(absolute, text.getBytes(StandardCharsets.UTF_8));
  }
}
