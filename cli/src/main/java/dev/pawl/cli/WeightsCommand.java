package dev.pawl.cli;

import dev.pawl.model.dataset.megatron.CorpusFile;
import dev.pawl.model.dataset.megatron.CorpusWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes a list of datasets with the weights of their blend. */
@Command(
    name = "weights",
    mixinStandardHelpOptions = true,
    description = "Write a data_file_list: weights that read each corpus so many epochs.")
final class WeightsCommand implements Callable<Integer> {
  @Option(
      names = "--input-dir",
      required = true,
      paramLabel = "DIR",
      description = "All token datasets below it; a name up to its first dash is the corpus.")
  private Path input;

  @Option(
      names = "--epochs",
      split = ",",
      paramLabel = "CORPUS=N",
      description = "Epochs of each corpus, such as wiki=2.5,c4=0.5; one of each when left out.")
  private Map<String, Double> epochs = new LinkedHashMap<>();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "The list; prefixes below its folder are relative, so both may be moved.")
  private Path output;

  @Option(
      names = "--metadata",
      paramLabel = "FILE",
      description = "Also write sequences and tokens of each dataset as JSON.")
  private Optional<Path> metadata = Optional.empty();

  @Option(names = "-o", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(input)) {
      throw new NotFoundException("no folder " + input);
    }
    CorpusWeights weights = CorpusWeights.of(CorpusFile.below(input), epochs);
    weights.write(output);
    if (metadata.isPresent()) {
      weights.writeMetadata(metadata.get());
    }
    System.out.print(
        format.rows(
            List.of("corpus", "files", "sequences", "tokens", "epochs", "weight"),
            weights.corpora().stream().map(WeightsCommand::row).toList()));
    return ExitCode.DONE;
  }

  private static List<String> row(CorpusWeights.Corpus corpus) {
    return List.of(
        corpus.name(),
        String.valueOf(corpus.files()),
        String.valueOf(corpus.sequences()),
        String.valueOf(corpus.tokens()),
        String.valueOf(corpus.epochs()),
        String.format(Locale.ROOT, "%.6f", corpus.weight()));
  }
}
