package dev.pawl.experiments;

import dev.pawl.experiments.preset.Includes;
import dev.pawl.experiments.sweep.CommandLineSweep;
import dev.pawl.experiments.sweep.SweepLoader;
import dev.pawl.experiments.yaml.Binder;
import dev.pawl.experiments.yaml.Overrides;
import dev.pawl.experiments.yaml.YamlNode;
import dev.pawl.experiments.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Loads experiments from YAML. */
public final class Experiments {
  private Experiments() {}

  /**
   * Reads a file and puts {@code key=value} over it.
   *
   * @throws ConfigException with every problem found
   */
  public static LoadedExperiment load(Path file, List<String> overrides) {
    return load(file, overrides, List.of());
  }

  /**
   * The same, with axes {@code key=value,value,...} put into its sweep, or a sweep made of them.
   *
   * @throws ConfigException with every problem found
   */
  public static LoadedExperiment load(Path file, List<String> overrides, List<String> axes) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      Object why = Files.isDirectory(file) ? "it is a folder" : e;
      throw new ConfigException(
          List.of(
              "%s: cannot be read: %s".formatted(file, Files.exists(file) ? why : "no such file")));
    }
    List<String> problems = new ArrayList<>();
    YamlNode root = YamlReader.file(file.toString(), text, problems);
    if (root == null) {
      throw new ConfigException(problems);
    }
    if (root.fields() == null) {
      throw new ConfigException(List.of(file + ":1: a mapping of keys is needed"));
    }
    Overrides.apply(root, overrides, problems);
    CommandLineSweep.apply(root, axes, problems);
    Path parent = file.toAbsolutePath().normalize().getParent();
    Path folder = parent == null ? Path.of("") : parent;
    if (root.fields().containsKey("sweep")) {
      if (!problems.isEmpty()) {
        throw new ConfigException(problems);
      }
      return SweepLoader.load(root, file, text, folder);
    }
    List<String> notes = new ArrayList<>();
    if (!Includes.expand(root, folder, problems, notes)) {
      throw new ConfigException(problems);
    }
    Binder binder = new Binder(problems);
    ExperimentSpec spec = binder.bind(root, ExperimentSpec.class);
    if (spec == null || !problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new LoadedExperiment(
        spec, binder.sources(), file, text, notes.stream().distinct().toList(), Optional.empty());
  }
}
