package dev.pawl.cli;

import dev.pawl.model.dataset.DatasetRepair;
import dev.pawl.model.dataset.RepairedDataset;
import dev.pawl.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Mends an index whose lengths lack the end-of-text tokens. */
@Command(
    name = "repair",
    mixinStandardHelpOptions = true,
    description = "Mend a dataset whose lengths lack the end-of-text tokens (EOD_LENGTH_DEFECT).")
final class RepairCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "PREFIX", description = "The dataset, without .bin.")
  private Path given;

  @ArgGroup private @Nullable EndOfText endOfText;

  /** How the token that ends a document is known; by default from the documents themselves. */
  static final class EndOfText {
    @Option(names = "--eod", paramLabel = "ID", description = "Id that ends every document.")
    private @Nullable Integer id;

    @Option(names = "--tokenizer", paramLabel = "FILE", description = "tokenizer.json with it.")
    private @Nullable Path file;
  }

  @Override
  public Integer call() throws IOException {
    Path prefix = DatasetFiles.prefix(given);
    RepairedDataset done = DatasetRepair.repair(prefix, id());
    System.out.println(
        done.documents() == 0
            ? prefix + " is sound; nothing was changed"
            : "%s is mended: %,d documents end with token %d"
                .formatted(prefix, done.documents(), done.endOfText()));
    return ExitCode.DONE;
  }

  private OptionalInt id() {
    if (endOfText == null) {
      return OptionalInt.empty();
    }
    if (endOfText.file != null) {
      try (Tokenizer tokenizer = DatasetFiles.tokenizer(endOfText.file)) {
        return OptionalInt.of(tokenizer.endOfText());
      }
    }
    return endOfText.id == null ? OptionalInt.empty() : OptionalInt.of(endOfText.id);
  }
}
