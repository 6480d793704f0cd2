package dev.pawl.experiments.plan;

import dev.pawl.experiments.DatasetSpec;
import dev.pawl.experiments.stage.SamplingConfig;
import dev.pawl.experiments.stage.TakeStageConfig;
import dev.pawl.experiments.stage.TokenFiles;
import dev.pawl.experiments.stage.TokenizerConfig;
import dev.pawl.model.config.Sampler;
import dev.pawl.model.config.Split;
import dev.pawl.model.config.WeightedPrefix;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** Plans the token datasets of an experiment; what is wrong with them becomes a problem. */
final class TokenDatasets {
  private final DatasetSpec dataset;
  private final UserFiles files;
  private final UnaryOperator<String> place;
  private final List<String> problems;
  private final List<WeightedPrefix> found;

  /**
   * Datasets of a specification.
   *
   * @param place where a key was given
   */
  TokenDatasets(
      DatasetSpec dataset, UserFiles files, UnaryOperator<String> place, List<String> problems) {
    this.dataset = dataset;
    this.files = files;
    this.place = place;
    this.problems = problems;
    this.found = find();
  }

  private List<WeightedPrefix> find() {
    int ways =
        (dataset.prefixes().isEmpty() ? 0 : 1)
            + (dataset.dataPath().isEmpty() ? 0 : 1)
            + (dataset.dataFileList().isPresent() ? 1 : 0);
    if (ways != 1) {
      problem(
          "dataset",
          ways == 0
              ? "no token dataset is given: dataset.prefixes=PREFIX[,...]"
              : "give one of prefixes, data_path and data_file_list");
      return List.of();
    }
    if (!dataset.prefixes().isEmpty()) {
      return dataset.prefixes().stream()
          .map(prefix -> WeightedPrefix.parse(List.of(prefix)).get(0))
          .toList();
    }
    String key = dataset.dataPath().isEmpty() ? "dataset.data_file_list" : "dataset.data_path";
    if (dataset.sampler() != Sampler.MEGATRON) {
      problem(key, "weights are for blends, which dataset.sampler=megatron makes; use prefixes");
    }
    try {
      return dataset.dataPath().isEmpty()
          ? WeightedPrefix.readList(Path.of(dataset.dataFileList().orElseThrow()))
          : WeightedPrefix.parse(dataset.dataPath());
    } catch (PawlException e) {
      problem(key, e.getMessage());
    } catch (IOException e) {
      problem(key, "%s cannot be read: %s".formatted(dataset.dataFileList().orElse(""), e));
    }
    return List.of();
  }

  TakeStageConfig take(TokenizerConfig tokenizer) {
    String key =
        !dataset.prefixes().isEmpty()
            ? "dataset.prefixes"
            : dataset.dataPath().isEmpty() ? "dataset.data_file_list" : "dataset.data_path";
    return new TakeStageConfig(
        tokenizer,
        found.stream().map(each -> identify(key, each.prefix())).toList(),
        dataset.validPrefixes().stream()
            .map(prefix -> identify("dataset.valid_prefixes", prefix))
            .toList());
  }

  SamplingConfig sampling() {
    try {
      Split.parse(dataset.split());
    } catch (PawlException e) {
      problem("dataset.split", e.getMessage());
    }
    List<Double> weights =
        dataset.prefixes().isEmpty()
            ? found.stream().map(WeightedPrefix::weight).toList()
            : List.of();
    // Where held-out datasets are given every share is ignored: all documents are trained on.
    String split = dataset.validPrefixes().isEmpty() ? dataset.split() : "1";
    return new SamplingConfig(dataset.sampler(), split, weights);
  }

  private TokenFiles identify(String key, String prefix) {
    return new TokenFiles(
        files.identifyLarge(place.apply(key), key, prefix + ".bin"),
        files.identifyLarge(place.apply(key), key, prefix + ".idx"));
  }

  private void problem(String key, String what) {
    problems.add("%s: %s: %s".formatted(place.apply(key), key, what));
  }
}
