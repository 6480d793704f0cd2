package dev.pawl.cli;

import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.tokenizer.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;

/** Datasets and tokenizers as they are named on the command line. */
final class DatasetFiles {
  private DatasetFiles() {}

  /** The prefix of a dataset; one of its two files is taken for it. */
  static Path prefix(Path given) {
    String name = given.getFileName().toString();
    String base =
        name.endsWith(".bin") || name.endsWith(".idx")
            ? name.substring(0, name.length() - ".bin".length())
            : name;
    Path prefix = given.resolveSibling(base);
    if (!Files.exists(prefix.resolveSibling(base + ".bin"))
        && !Files.exists(prefix.resolveSibling(base + ".idx"))) {
      throw new NotFoundException("no dataset %s.bin and %s.idx".formatted(prefix, prefix));
    }
    return prefix;
  }

  static Tokenizer tokenizer(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new NotFoundException("no tokenizer " + file);
    }
    return Tokenizers.huggingFace(file);
  }
}
