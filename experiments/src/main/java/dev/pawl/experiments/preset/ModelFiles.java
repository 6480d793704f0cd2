package dev.pawl.experiments.preset;

import dev.pawl.experiments.ConfigException;
import dev.pawl.experiments.yaml.Binder;
import dev.pawl.experiments.yaml.YamlNode;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.TrainingConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the model that a command's {@code NAME|FILE} means. */
public final class ModelFiles {
  private ModelFiles() {}

  /**
   * The preset of that name, or else what the file says: {@code model:} and {@code training:}, or a
   * trainer file of the published Block Transformer program.
   *
   * @throws ConfigException with the nearest name, or with every problem of the file
   */
  public static NamedModel load(String nameOrFile) {
    return load(nameOrFile, List.of());
  }

  /**
   * The same with {@code key=value} put over the keys of that file.
   *
   * @throws ConfigException with the nearest name, or with every problem of the file
   */
  public static NamedModel load(String nameOrFile, List<String> overrides) {
    List<String> problems = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    ModelSource source =
        new SourceReader(problems, notes, overrides).nameOrFile(nameOrFile, Path.of(""));
    if (source == null || !problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    Binder binder = new Binder(problems);
    ModelConfig model =
        binder.bind(source.model(), ModelConfig.class, source.nested() ? "model" : "");
    YamlNode recipe = source.training();
    TrainingConfig training =
        recipe == null
            ? null
            : binder.bind(recipe, TrainingConfig.class, source.nested() ? "training" : "");
    if (model == null || !problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new NamedModel(
        source.name(), source.place(), model, Optional.ofNullable(training), List.copyOf(notes));
  }
}
