package dev.pawl.cli;

import dev.pawl.model.dataset.PublishedCorpus;
import dev.pawl.model.dataset.ShardFolder;
import dev.pawl.model.dataset.ShardManifest;
import dev.pawl.model.dataset.ShardProblem;
import dev.pawl.model.dataset.ShardReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares files with a manifest of digests. */
@Command(
    name = "checksum",
    mixinStandardHelpOptions = true,
    description = "Compare the files of a folder with a manifest; exit 1 when one differs.")
final class ChecksumCommand implements Callable<Integer> {
  private static final String STATE = ".pawl-checksums";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DIR", description = "Folder of the files.")
  private Path folder;

  @Option(
      names = "--manifest",
      required = true,
      paramLabel = "NAME|FILE",
      description = "pythia-deduped, or a file of '<file name> <sha256>' lines.")
  private String manifest;

  @Option(
      names = {"--workers", "--jobs"},
      paramLabel = "N",
      description = "Files to hash at a time (all cores).")
  private Optional<Integer> jobs = Optional.empty();

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description = "Where good files are remembered until all are good (" + STATE + " in DIR).")
  private Optional<Path> state = Optional.empty();

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Override
  public Integer call() throws IOException {
    int threads = jobs.orElse(Runtime.getRuntime().availableProcessors());
    if (threads < 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--workers must be at least 1, not " + threads);
    }
    if (!Files.isDirectory(folder)) {
      throw new NotFoundException("no folder " + folder);
    }
    ShardManifest expected = PublishedCorpus.manifest(manifest);
    ShardReport report;
    try (TransferProgress progress = new TransferProgress("checksum", total(expected))) {
      report = ShardFolder.verify(folder, expected, threads, journal(), progress);
    }
    List<ShardProblem> problems = withoutManifest(report.problems());
    print(report, problems);
    System.err.printf(
        Locale.ROOT,
        "%d of %d files are as %s says (%,d bytes, %d known from an earlier run), %d problems%n",
        report.shards() - problems.stream().filter(each -> !extra(each)).count(),
        report.shards(),
        manifest,
        report.bytes(),
        report.reused(),
        problems.size());
    return problems.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  /** The journal; none on a disk that cannot be written, where every run begins anew. */
  private Optional<Path> journal() {
    Path file = state.orElse(folder.resolve(STATE));
    Path parent = file.toAbsolutePath().getParent();
    if (state.isEmpty() && !Files.isWritable(parent)) {
      System.err.printf(
          "note: %s cannot be written; give --state FILE to be able to go on after a stop%n",
          parent);
      return Optional.empty();
    }
    return Optional.of(file);
  }

  // A manifest of another name may lie beside its files.
  private List<ShardProblem> withoutManifest(List<ShardProblem> problems) throws IOException {
    Path file = Path.of(manifest);
    boolean beside =
        Files.isRegularFile(file) && Files.isSameFile(file.toAbsolutePath().getParent(), folder);
    return problems.stream()
        .filter(
            each -> !(beside && extra(each) && each.name().equals(file.getFileName().toString())))
        .toList();
  }

  private void print(ShardReport report, List<ShardProblem> problems) {
    if (format == Format.json) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("folder", folder.toString());
      json.put("manifest", manifest);
      json.put("files", report.shards());
      json.put("bytes", report.bytes());
      json.put("reused", report.reused());
      json.put(
          "problems",
          problems.stream()
              .map(
                  each ->
                      Map.of("file", each.name(), "problem", kind(each), "message", each.message()))
              .toList());
      System.out.print(JsonText.of(json));
    } else if (!problems.isEmpty() || format == Format.csv) {
      System.out.print(
          format.rows(
              List.of("file", "problem", "message"),
              problems.stream()
                  .map(each -> List.of(each.name(), kind(each), each.message()))
                  .toList()));
    }
  }

  private static String kind(ShardProblem problem) {
    return problem.kind().name().toLowerCase(Locale.ROOT);
  }

  private static boolean extra(ShardProblem problem) {
    return problem.kind() == ShardProblem.Kind.EXTRA;
  }

  private long total(ShardManifest expected) throws IOException {
    long total = 0;
    for (String name : expected.digests().keySet()) {
      Path file = folder.resolve(name);
      total += Files.isRegularFile(file) ? Files.size(file) : 0;
    }
    return total;
  }
}
