package dev.pawl.cli;

import dev.pawl.model.dataset.DatasetMerger;
import dev.pawl.model.dataset.MergedDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Joins token datasets. */
@Command(
    name = "merge",
    mixinStandardHelpOptions = true,
    description = "Join token datasets into one, byte for byte as Megatron's merge does.")
final class MergeCommand implements Callable<Integer> {
  @ArgGroup(multiplicity = "1")
  private Inputs inputs;

  @Option(
      names = "--output-prefix",
      required = true,
      paramLabel = "P",
      description = "The new dataset, without .bin, in a folder that exists.")
  private Path output;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  /** What goes in. */
  static final class Inputs {
    @Option(
        names = "--input",
        arity = "1..*",
        paramLabel = "PREFIX",
        description = "Datasets in the order in which they are joined.")
    private @Nullable List<Path> prefixes;

    @Option(
        names = "--input-dir",
        paramLabel = "DIR",
        description = "All datasets of a folder, by name: part_10 comes before part_2.")
    private @Nullable Path folder;
  }

  @Override
  public Integer call() throws IOException {
    if (inputs.folder != null && !Files.isDirectory(inputs.folder)) {
      throw new NotFoundException("no folder " + inputs.folder);
    }
    List<Path> prefixes =
        inputs.folder != null
            ? DatasetMerger.prefixes(inputs.folder)
            : inputs.prefixes == null
                ? List.of()
                : inputs.prefixes.stream().map(DatasetFiles::prefix).toList();
    long total = 0;
    for (Path prefix : prefixes) {
      Path bin = prefix.resolveSibling(prefix.getFileName() + ".bin");
      total += Files.isRegularFile(bin) ? Files.size(bin) : 0;
    }
    MergedDataset made;
    try (TransferProgress progress = new TransferProgress("merge", total)) {
      made = DatasetMerger.merge(prefixes, output, progress);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("prefix", output.toString());
    result.put("inputs", made.inputs());
    result.put("documents", format.count(made.documents()));
    result.put("sequences", format.count(made.sequences()));
    result.put("tokens", format.count(made.tokens()));
    result.put("dtype", made.type());
    System.out.print(
        format == Format.json
            ? JsonText.of(result)
            : format.rows(List.copyOf(result.keySet()), List.of(List.copyOf(result.values()))));
    return ExitCode.DONE;
  }
}
