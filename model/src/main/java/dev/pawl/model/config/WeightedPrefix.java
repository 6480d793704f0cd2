package dev.pawl.model.config;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A dataset of a blend (megatron.md 3.1).
 *
 * @param weight share among the weights, not normalized
 * @param prefix path without {@code .bin} and {@code .idx}
 * @param corpus group that it belongs to; empty where none is given
 */
public record WeightedPrefix(double weight, String prefix, String corpus) {
  /** Columns of a line of a file list. */
  private static final int COLUMNS = 3;

  /**
   * Reads a data path: one prefix, or weight and prefix in turn.
   *
   * @throws PawlException CONFIG when weights and prefixes do not alternate
   */
  public static List<WeightedPrefix> parse(List<String> dataPath) {
    if (dataPath.size() == 1) {
      return List.of(new WeightedPrefix(1, withoutEnding(dataPath.get(0)), ""));
    }
    if (dataPath.isEmpty() || dataPath.size() % 2 != 0) {
      throw new PawlException(
          FailureCause.CONFIG,
          "data_path %s has %d entries; it takes one prefix, or a weight before every prefix"
              .formatted(dataPath, dataPath.size()));
    }
    List<WeightedPrefix> datasets = new ArrayList<>();
    for (int i = 0; i < dataPath.size(); i += 2) {
      String place = "data_path entry %d".formatted(i + 1);
      datasets.add(
          new WeightedPrefix(
              weight(dataPath.get(i), place), withoutEnding(dataPath.get(i + 1)), ""));
    }
    return datasets;
  }

  /**
   * Reads a file list: a line of weight, prefix and corpus for each dataset; blank lines are
   * skipped. A relative prefix is that of a dataset beside the list, so that a folder with its list
   * may be moved; where there is none, it is taken from the working folder as the reference does.
   *
   * @throws PawlException CONFIG that names file and line
   */
  public static List<WeightedPrefix> readList(Path file) throws IOException {
    List<WeightedPrefix> datasets = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      String place = "%s:%d".formatted(file, number);
      String[] columns = line.strip().split("\\s+", -1);
      if (columns.length != COLUMNS) {
        throw new PawlException(
            FailureCause.CONFIG,
            "%s: '%s' is not '<weight> <prefix> <corpus>'".formatted(place, line.strip()));
      }
      datasets.add(
          new WeightedPrefix(
              weight(columns[0], place), located(file, withoutEnding(columns[1])), columns[2]));
    }
    if (datasets.isEmpty()) {
      throw new PawlException(FailureCause.CONFIG, file + " lists no dataset");
    }
    return datasets;
  }

  private static String located(Path list, String prefix) {
    Path beside = list.toAbsolutePath().resolveSibling(prefix).normalize();
    return Files.exists(Path.of(beside + ".idx")) ? beside.toString() : prefix;
  }

  private static double weight(String text, String place) {
    double weight;
    try {
      weight = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new PawlException(
          FailureCause.CONFIG,
          "%s: '%s' is not a weight; a weight stands before every prefix".formatted(place, text),
          e);
    }
    if (!(weight >= 0) || !Double.isFinite(weight)) {
      throw new PawlException(
          FailureCause.CONFIG, "%s: weight %s is not a number from 0".formatted(place, text));
    }
    return weight;
  }

  private static String withoutEnding(String prefix) {
    return prefix.endsWith(".bin") || prefix.endsWith(".idx")
        ? prefix.substring(0, prefix.length() - ".bin".length())
        : prefix;
  }
}
