package dev.pawl.cli;

import dev.pawl.model.dataset.DatasetInspector;
import dev.pawl.model.dataset.DatasetReport;
import dev.pawl.model.dataset.DatasetStatus;
import dev.pawl.model.dataset.IndexedDataset;
import dev.pawl.model.dataset.LengthHistogram;
import dev.pawl.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Describes a token dataset and says what is wrong with it. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Describe a token dataset; exit 1 when something is wrong with it.")
final class InspectCommand implements Callable<Integer> {
  /** Token files below it are read whole without being asked to. */
  private static final long SMALL_BYTES = 256L << 20;

  private static final int SAMPLE_TOKENS = 48;

  @Parameters(index = "0", paramLabel = "PREFIX", description = "The dataset, without .bin.")
  private Path given;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "tokenizer.json: shows text and checks ids against its vocabulary.")
  private Optional<Path> tokenizerFile = Optional.empty();

  @Option(
      names = "--validate",
      description = "Read every token, however many: digests, highest id, ids out of range.")
  private boolean validate;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Override
  public Integer call() throws IOException {
    Path prefix = DatasetFiles.prefix(given);
    Path bin = prefix.resolveSibling(prefix.getFileName() + ".bin");
    long bytes = Files.isRegularFile(bin) ? Files.size(bin) : 0;
    boolean everyByte = validate || bytes < SMALL_BYTES;
    if (tokenizerFile.isPresent()) {
      try (Tokenizer tokenizer = DatasetFiles.tokenizer(tokenizerFile.get())) {
        return inspect(prefix, everyByte, bytes, Optional.of(tokenizer));
      }
    }
    return inspect(prefix, everyByte, bytes, Optional.empty());
  }

  private int inspect(Path prefix, boolean everyByte, long bytes, Optional<Tokenizer> tokenizer)
      throws IOException {
    OptionalInt vocabulary =
        tokenizer.isPresent()
            ? OptionalInt.of(tokenizer.get().vocabularySize())
            : OptionalInt.empty();
    DatasetReport report;
    try (TransferProgress progress = new TransferProgress("inspect", everyByte ? bytes : 0)) {
      report = DatasetInspector.inspect(prefix, everyByte, vocabulary, progress);
    }
    Map<String, Object> facts = facts(report);
    if (report.status() == DatasetStatus.SOUND) {
      sample(prefix, tokenizer, facts);
    }
    if (format == Format.json) {
      facts.put("lengths", lengths(report.lengths()));
      facts.put("problems", report.problems());
      System.out.print(JsonText.of(facts));
    } else {
      table(report, facts);
    }
    report.problems().forEach(problem -> System.err.println("pawl: " + problem));
    return report.problems().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static Map<String, Object> facts(DatasetReport report) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("prefix", report.prefix());
    facts.put("status", report.status().name());
    facts.put("dtype", report.type());
    facts.put("documents", report.documents());
    facts.put("empty_documents", report.emptyDocuments());
    facts.put("sequences", report.sequences());
    facts.put("tokens", report.tokens());
    facts.put("bin_bytes", report.binBytes());
    facts.put("idx_bytes", report.indexBytes());
    facts.put("shortest", report.lengths().shortest());
    facts.put("longest", report.lengths().longest());
    facts.put("mean_length", report.lengths().mean());
    report.maxToken().ifPresent(highest -> facts.put("max_token", highest));
    report.binSha256().ifPresent(sha256 -> facts.put("bin_sha256", sha256));
    report.indexSha256().ifPresent(sha256 -> facts.put("idx_sha256", sha256));
    return facts;
  }

  private static void sample(Path prefix, Optional<Tokenizer> tokenizer, Map<String, Object> facts)
      throws IOException {
    try (IndexedDataset dataset = IndexedDataset.open(prefix)) {
      int first = 0;
      while (dataset.length(first) == 0) {
        first++;
      }
      int[] ids = new int[Math.min(SAMPLE_TOKENS, dataset.length(first))];
      dataset.read(first, 0, ids.length, ids, 0);
      facts.put("sample_tokens", Arrays.stream(ids).boxed().toList());
      boolean known =
          tokenizer.isPresent()
              && Arrays.stream(ids)
                  .allMatch(id -> id >= 0 && id < tokenizer.get().vocabularySize());
      if (known) {
        facts.put("sample_text", tokenizer.get().decode(ids));
      }
    }
  }

  private static List<Map<String, Object>> lengths(LengthHistogram lengths) {
    return lengths.buckets().stream()
        .<Map<String, Object>>map(
            bucket ->
                Map.of("from", bucket.from(), "to", bucket.to(), "sequences", bucket.sequences()))
        .toList();
  }

  private void table(DatasetReport report, Map<String, Object> facts) {
    List<List<String>> rows = new ArrayList<>();
    facts.forEach((name, value) -> rows.add(List.of(name, text(name, value))));
    List<List<String>> lengths =
        report.lengths().buckets().stream()
            .map(
                bucket ->
                    List.of(
                        bucket.from() + "-" + bucket.to(),
                        format.count(bucket.sequences()).toString()))
            .toList();
    if (format == Format.csv) {
      // One table, which is what csv can hold.
      lengths.forEach(row -> rows.add(List.of("sequences_of_" + row.get(0), row.get(1))));
      System.out.print(format.rows(List.of("property", "value"), rows));
      return;
    }
    System.out.print(format.rows(List.of("property", "value"), rows));
    System.out.println();
    System.out.print(format.rows(List.of("tokens", "sequences"), lengths));
  }

  private String text(String name, Object value) {
    boolean id = name.equals("max_token");
    if (!id && (value instanceof Long || value instanceof Integer)) {
      return format.count(((Number) value).longValue()).toString();
    }
    return value instanceof Double number && format != Format.csv
        ? String.format(Locale.ROOT, "%.1f", number)
        : value.toString().replace("\n", "\\n");
  }
}
