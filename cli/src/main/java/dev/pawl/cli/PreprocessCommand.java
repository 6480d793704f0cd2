package dev.pawl.cli;

import dev.pawl.model.dataset.preprocess.OnBadRecord;
import dev.pawl.model.dataset.preprocess.PreprocessRequest;
import dev.pawl.model.dataset.preprocess.PreprocessResult;
import dev.pawl.model.dataset.preprocess.Preprocessor;
import dev.pawl.model.dataset.preprocess.RecordFormat;
import dev.pawl.model.dataset.preprocess.SentenceSplitter;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.PaddedVocabulary;
import dev.pawl.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes token datasets of JSON lines, with the options of Megatron's preprocess_data. */
@Command(
    name = "preprocess",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Turns JSON lines into .bin and .idx token datasets, as Megatron reads them.",
      "A run that was stopped goes on where it was when the same command is given again."
    })
final class PreprocessCommand implements Callable<Integer> {
  private static final List<String> HEADER =
      List.of(
          "prefix",
          "documents",
          "sequences",
          "tokens",
          "vocabulary_size",
          "padded_vocabulary_size",
          "bad_records_skipped");

  @Option(
      names = "--input",
      required = true,
      arity = "1..*",
      paramLabel = "FILE",
      description = "JSON lines: .jsonl, .jsonl.gz, .jsonl.zst; several files, or patterns.")
  private List<String> inputs;

  @Option(
      names = "--output-prefix",
      required = true,
      paramLabel = "PREFIX",
      description = "Outputs are PREFIX_KEY_document.bin and .idx (or ..._sentence).")
  private Path outputPrefix;

  @Mixin private TokenizerOptions tokenizer;

  @Option(
      names = {"--json-keys", "--json-key"},
      arity = "1..*",
      defaultValue = "text",
      paramLabel = "KEY",
      description = "Keys of the texts, a dataset each (${DEFAULT-VALUE}).")
  private List<String> jsonKeys;

  @Option(names = "--append-eod", description = "End each document by the end-of-document token.")
  private boolean appendEod;

  @Option(
      names = "--split-sentences",
      description = "One sequence a sentence, by rule; a list of strings counts as split already.")
  private boolean splitSentences;

  @Option(
      names = "--keep-newlines",
      description = "Keep the white space behind sentences when splitting.")
  private boolean keepNewlines;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Threads that tokenize; the output is the same (all cores).")
  private Integer workers = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--log-interval",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Documents between lines of progress (${DEFAULT-VALUE}).")
  private long logInterval;

  @Option(
      names = "--on-bad-record",
      paramLabel = "fail|skip",
      defaultValue = "fail",
      description = "What a line that is no usable record leads to (${DEFAULT-VALUE}).")
  private String onBadRecord;

  @Option(names = "--overwrite", description = "Replace outputs that are there.")
  private boolean overwrite;

  @Option(
      names = "--dataset-impl",
      paramLabel = "mmap",
      defaultValue = "mmap",
      description = "Layout of the output; mmap is the only one.")
  private String implementation;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Override
  public Integer call() throws IOException {
    if (!implementation.equals("mmap")) {
      throw usage("--dataset-impl %s is not written; mmap is".formatted(implementation));
    }
    if (logInterval < 1) {
      throw usage("--log-interval is %d, at least 1 is needed".formatted(logInterval));
    }
    if (keepNewlines && !splitSentences) {
      throw usage("--keep-newlines says something only with --split-sentences");
    }
    PreprocessRequest request =
        new PreprocessRequest(
            InputFiles.of(inputs),
            RecordFormat.MEGATRON_LINES,
            outputPrefix,
            jsonKeys,
            appendEod,
            splitSentences ? Optional.of(new SentenceSplitter(keepNewlines)) : Optional.empty(),
            Optional.empty(),
            workers,
            badRecords(),
            overwrite,
            PreprocessRequest.PARTITION_BYTES);
    boolean bert =
        tokenizer.type() == TokenizerKind.BERT_LOWER_CASE
            || tokenizer.type() == TokenizerKind.BERT_CASE;
    if (bert && !splitSentences) {
      System.err.println(
          "pawl: BERT trains on sentences: is --split-sentences left out on purpose?");
    }
    if (splitSentences) {
      System.err.println(
          "pawl: sentences are split by rule, not by Punkt: they differ from the reference's here"
              + " and there; to have its sentences store them as lists of strings");
    }
    long started = System.nanoTime();
    try (Tokenizer open = tokenizer.open()) {
      print(request, Preprocessor.run(request, open, new PreprocessProgress(logInterval)), started);
    }
    return ExitCode.DONE;
  }

  private OnBadRecord badRecords() {
    return switch (onBadRecord) {
      case "fail" -> OnBadRecord.FAIL;
      case "skip" -> OnBadRecord.SKIP;
      default -> throw usage("--on-bad-record is '%s'; fail or skip".formatted(onBadRecord));
    };
  }

  private void print(PreprocessRequest request, PreprocessResult result, long started) {
    int vocabulary = result.vocabularySize();
    int padded = PaddedVocabulary.size(vocabulary, PaddedVocabulary.DIVISIBLE_BY, 1);
    List<List<Object>> rows = new ArrayList<>();
    for (PreprocessResult.Output output : result.outputs()) {
      rows.add(
          List.of(
              request.output(output.jsonKey()).toString(),
              format.count(output.documents()),
              format.count(output.sequences()),
              format.count(output.tokens()),
              format.count(vocabulary),
              format.count(padded),
              format.count(result.skipped())));
    }
    System.out.print(format.rows(HEADER, rows));
    System.err.printf(
        Locale.ROOT,
        "done in %.1f s; manifest in %s%n",
        (System.nanoTime() - started) / 1e9,
        request.workFolder().resolve("manifest.json"));
  }

  private static PawlException usage(String message) {
    return new PawlException(FailureCause.CONFIG, message);
  }
}
