package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.IndexedDataset;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A dataset of a corpus (megatron.md 3.2).
 *
 * @param prefix absolute path without {@code .bin} and {@code .idx}
 * @param corpus it belongs to
 * @param sequences in it
 * @param tokens in it
 */
public record CorpusFile(Path prefix, String corpus, long sequences, long tokens) {
  private static final String INDEX = ".idx";

  /**
   * All datasets below a folder, by path; each index is read whole and compared with its token
   * file.
   *
   * @throws PawlException DATA when there is none, one is damaged, or a name cannot stand in a file
   *     list
   */
  public static List<CorpusFile> below(Path folder) throws IOException {
    Path root = folder.toAbsolutePath().normalize();
    if (!Files.isDirectory(root)) {
      throw refused("%s is no folder".formatted(root));
    }
    List<Path> indices;
    try (Stream<Path> paths = Files.walk(root)) {
      indices =
          paths
              .filter(path -> path.toString().endsWith(INDEX))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
    }
    List<CorpusFile> files = new ArrayList<>();
    for (Path index : indices) {
      files.add(read(index));
    }
    if (files.isEmpty()) {
      throw refused(
          "no dataset lies below %s; a dataset is a .bin and an .idx of one name".formatted(root));
    }
    return files;
  }

  private static CorpusFile read(Path index) throws IOException {
    String text = index.toString();
    Path prefix = Path.of(text.substring(0, text.length() - INDEX.length()));
    String name = String.valueOf(prefix.getFileName());
    if (name.endsWith(".bin")) {
      throw refused("%s has two endings; rename it to end in .idx alone".formatted(index));
    }
    if (text.chars().anyMatch(Character::isWhitespace)) {
      throw refused(
          "%s has a space in its path, which a file list cannot hold; rename it".formatted(index));
    }
    try (IndexedDataset dataset = IndexedDataset.open(prefix)) {
      return new CorpusFile(prefix, corpus(name), dataset.sequences(), dataset.tokens());
    }
  }

  /**
   * The corpus that a file name tells: up to the first dash, all of a name without one. Common
   * Crawl's parts are one corpus each, however they are numbered.
   */
  static String corpus(String name) {
    for (String crawl : List.of("cc_en", "cc_news")) {
      if (name.contains(crawl)) {
        return crawl;
      }
    }
    int dash = name.indexOf('-');
    return dash > 0 ? name.substring(0, dash) : name;
  }

  private static PawlException refused(String message) {
    return new PawlException(FailureCause.DATA, message);
  }
}
