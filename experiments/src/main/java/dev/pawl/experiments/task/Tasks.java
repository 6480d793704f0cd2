package dev.pawl.experiments.task;

import dev.pawl.experiments.ConfigException;
import dev.pawl.experiments.yaml.Binder;
import dev.pawl.experiments.yaml.Nearest;
import dev.pawl.experiments.yaml.PackedYaml;
import dev.pawl.experiments.yaml.YamlNode;
import dev.pawl.experiments.yaml.YamlReader;
import dev.pawl.model.config.TaskDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The named tasks. They are packed into the class path, as the presets of models are. */
public final class Tasks {
  private static final PackedYaml PACKED =
      new PackedYaml("/dev/pawl/experiments/task/tasks", "experiments/tasks");

  private Tasks() {}

  /** All names, sorted. */
  public static List<String> names() {
    return PACKED.names();
  }

  /**
   * The task of a name, or of a YAML file.
   *
   * @throws ConfigException with the nearest name, or with every problem of the file
   */
  public static TaskDefinition load(String nameOrFile) {
    return load(nameOrFile, Path.of(""));
  }

  /** The same with files looked for in a folder. */
  public static TaskDefinition load(String nameOrFile, Path beside) {
    List<String> problems = new ArrayList<>();
    TaskDefinition found = null;
    Optional<String> text = PACKED.text(nameOrFile);
    if (text.isPresent()) {
      found = bind(PACKED.place(nameOrFile), text.get(), problems);
    } else if (nameOrFile.endsWith(PackedYaml.SUFFIX)
        && Files.isRegularFile(beside.resolve(nameOrFile))) {
      Path file = beside.resolve(nameOrFile);
      try {
        found = bind(file.toString(), Files.readString(file), problems);
      } catch (IOException e) {
        problems.add("%s: cannot be read: %s".formatted(file, e));
      }
    } else {
      problems.add(
          "no task '%s': neither a file %s nor one of %s%s"
              .formatted(
                  nameOrFile,
                  PackedYaml.SUFFIX,
                  String.join(", ", names()),
                  Nearest.to(nameOrFile, names()).map(name -> "; nearest: " + name).orElse("")));
    }
    if (found == null || !problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return found;
  }

  private static @Nullable TaskDefinition bind(String place, String text, List<String> problems) {
    YamlNode root = YamlReader.file(place, text, problems);
    return root == null ? null : new Binder(problems).bind(root, TaskDefinition.class);
  }
}
