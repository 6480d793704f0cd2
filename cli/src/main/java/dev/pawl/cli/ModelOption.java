package dev.pawl.cli;

import dev.pawl.experiments.preset.ModelFiles;
import dev.pawl.experiments.preset.NamedModel;
import java.util.List;
import picocli.CommandLine.Option;

/** The model that a command works with, for commands that take {@code --model}. */
final class ModelOption {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME|FILE",
      description = "A preset ('pawl model list'), a model file, or a published trainer file.")
  private String model;

  /**
   * Finds the model and says on stderr what its file says that is left out of account.
   *
   * @throws dev.pawl.experiments.ConfigException where there is none
   */
  NamedModel load() {
    return load(model, List.of());
  }

  /** The same for a name that a command takes in another place, with key=value over its file. */
  static NamedModel load(String nameOrFile, List<String> overrides) {
    NamedModel found = ModelFiles.load(nameOrFile, overrides);
    found.notes().forEach(note -> System.err.println("note: " + note));
    return found;
  }
}
