package dev.pawl.model.dataset.megatron;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.pawl.model.config.WeightedPrefix;
import dev.pawl.model.failure.BusyException;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Weights that read each corpus as many times as is wanted (megatron.md 3.2): that of a file is its
 * tokens times the epochs of its corpus, over the sum of all such products. Immutable.
 */
public final class CorpusWeights {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<CorpusFile> files;
  private final Map<String, Double> epochs;
  private final double total;

  private CorpusWeights(List<CorpusFile> files, Map<String, Double> epochs, double total) {
    this.files = files;
    this.epochs = epochs;
    this.total = total;
  }

  /**
   * Weights of files.
   *
   * @param epochs by corpus, of all corpora; empty is one epoch of each
   * @throws PawlException CONFIG when a corpus has no epochs, epochs have no corpus, or nothing is
   *     left to be read
   */
  public static CorpusWeights of(List<CorpusFile> files, Map<String, Double> epochs) {
    TreeSet<String> corpora = new TreeSet<>();
    files.forEach(file -> corpora.add(file.corpus()));
    epochs.forEach(
        (corpus, times) -> {
          if (!corpora.contains(corpus)) {
            throw refused(
                "epochs are given for the corpus %s; the corpora are %s"
                    .formatted(corpus, corpora));
          }
          if (!(times >= 0) || !Double.isFinite(times)) {
            throw refused("%s epochs of %s are not a number from 0".formatted(times, corpus));
          }
        });
    Map<String, Double> all = new LinkedHashMap<>();
    double total = 0;
    for (CorpusFile file : files) {
      String corpus = file.corpus();
      Double times = epochs.isEmpty() ? Double.valueOf(1) : epochs.get(corpus);
      if (times == null) {
        throw refused(
            "epochs are given for %s, not for the corpus %s of %s; give them as %s=1"
                .formatted(epochs.keySet(), corpus, file.prefix(), corpus));
      }
      all.put(corpus, times);
      total += times * file.tokens();
    }
    if (!(total > 0)) {
      throw refused("all corpora have 0 epochs or no tokens, so that nothing would be read");
    }
    return new CorpusWeights(List.copyOf(files), all, total);
  }

  /** Share of a file; the shares add up to 1 but for rounding. */
  public double weight(CorpusFile file) {
    return epochs(file.corpus()) * file.tokens() / total;
  }

  /**
   * The text of a file list, a line of weight, prefix and corpus for each file.
   *
   * @param folder of the list: prefixes below it are given from there, so that folder and list may
   *     be moved together; others are absolute
   */
  public String fileList(Path folder) {
    Path from = folder.toAbsolutePath().normalize();
    StringBuilder lines = new StringBuilder();
    for (CorpusFile file : files) {
      Path prefix = file.prefix().startsWith(from) ? from.relativize(file.prefix()) : file.prefix();
      lines.append(weight(file)).append(' ').append(prefix).append(' ');
      lines.append(file.corpus()).append('\n');
    }
    return lines.toString();
  }

  /**
   * Writes the file list, with prefixes relative to its folder.
   *
   * @throws BusyException when another list is there
   */
  public void write(Path file) throws IOException {
    String text = fileList(file.toAbsolutePath().resolveSibling(""));
    if (Files.exists(file) && !Files.readString(file).equals(text)) {
      throw new BusyException(
          "%s is there and says something else; remove it or choose another name".formatted(file));
    }
    ForcedText.write(file, text);
  }

  /**
   * Writes what is known of the files as a JSON array, as the metadata job of the reference does:
   * {@code data_prefix} (absolute), {@code total_num_docs} (sequences), {@code total_num_tokens}.
   */
  public void writeMetadata(Path file) throws IOException {
    ArrayNode array = JSON.createArrayNode();
    for (CorpusFile each : files) {
      array
          .addObject()
          .put("data_prefix", each.prefix().toString())
          .put("total_num_docs", each.sequences())
          .put("total_num_tokens", each.tokens());
    }
    ForcedText.write(file, array.toPrettyString() + "\n");
  }

  /** Datasets of the blend. */
  public List<WeightedPrefix> datasets() {
    return files.stream()
        .map(file -> new WeightedPrefix(weight(file), file.prefix().toString(), file.corpus()))
        .toList();
  }

  /**
   * What is read of a corpus.
   *
   * @param tokens in its files
   * @param epochs times that they are read
   * @param weight of all its files
   */
  public record Corpus(
      String name, int files, long sequences, long tokens, double epochs, double weight) {}

  /** Totals by corpus, in the order of the files. */
  public List<Corpus> corpora() {
    List<Corpus> corpora = new ArrayList<>();
    for (String name : epochs.keySet()) {
      List<CorpusFile> own = files.stream().filter(file -> file.corpus().equals(name)).toList();
      corpora.add(
          new Corpus(
              name,
              own.size(),
              own.stream().mapToLong(CorpusFile::sequences).sum(),
              own.stream().mapToLong(CorpusFile::tokens).sum(),
              epochs(name),
              own.stream().mapToDouble(this::weight).sum()));
    }
    return corpora;
  }

  private double epochs(String corpus) {
    Double times = epochs.get(corpus);
    if (times == null) {
      throw new IllegalArgumentException("no file is of the corpus " + corpus);
    }
    return times;
  }

  private static PawlException refused(String message) {
    return new PawlException(FailureCause.CONFIG, message);
  }
}
