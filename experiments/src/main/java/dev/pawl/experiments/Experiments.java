package dev.pawl.experiments;

import dev.pawl.experiments.preset.Includes;
import dev.pawl.experiments.yaml.Binder;
import dev.pawl.experiments.yaml.Overrides;
import dev.pawl.experiments.yaml.YamlNode;
import dev.pawl.experiments.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Loads experiments from YAML. */
public final class Experiments {
  private Experiments() {}

  /**
   * Reads a file and puts {@code key=value} over it.
   *
   * @throws ConfigException with every problem found
   */
  public static LoadedExperiment load(Path file, List<String> overrides) {
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
    List<String> notes = new ArrayList<>();
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (!Includes.expand(root, folder == null ? Path.of("") : folder, problems, notes)) {
      throw new ConfigException(problems);
    }
    Binder binder = new Binder(problems);
    ExperimentSpec spec = binder.bind(root, ExperimentSpec.class);
    if (spec == null || !problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new LoadedExperiment(
        spec, binder.sources(), file, text, notes.stream().distinct().toList());
  }
}
