package dev.pawl.cli;

import dev.pawl.experiments.preset.ModelFiles;
import dev.pawl.experiments.preset.NamedModel;
import java.util.List;

/** The model that a command's {@code NAME|FILE} means, for every command that takes one. */
final class ModelOption {
  private ModelOption() {}

  /**
   * Finds the model and says on stderr what its file says that is left out of account.
   *
   * @throws dev.pawl.experiments.ConfigException where there is none
   */
  static NamedModel load(String nameOrFile) {
    return load(nameOrFile, List.of());
  }

  /** The same with {@code key=value} put over the keys of the file. */
  static NamedModel load(String nameOrFile, List<String> overrides) {
    NamedModel found = ModelFiles.load(nameOrFile, overrides);
    found.notes().forEach(note -> System.err.println("note: " + note));
    return found;
  }
}
