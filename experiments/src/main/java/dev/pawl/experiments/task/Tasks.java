package dev.pawl.experiments.task;

import dev.pawl.experiments.ConfigException;
import dev.pawl.experiments.yaml.Binder;
import dev.pawl.experiments.yaml.Nearest;
import dev.pawl.experiments.yaml.YamlNode;
import dev.pawl.experiments.yaml.YamlReader;
import dev.pawl.model.config.TaskDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The named tasks. They are packed into the class path, as the presets of models are. */
public final class Tasks {
  private static final String FOLDER = "/dev/pawl/experiments/task/tasks";
  private static final String SUFFIX = ".yaml";

  private Tasks() {}

  /** All names, sorted. */
  public static List<String> names() {
    try {
      Path classPath =
          Path.of(Tasks.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(classPath)) {
        return names(classPath.resolve(FOLDER.substring(1)));
      }
      try (FileSystem jar = FileSystems.newFileSystem(classPath)) {
        return names(jar.getPath(FOLDER));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the tasks cannot be listed", e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the class path cannot be read", e);
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    }
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
    String text = packed(nameOrFile);
    if (text != null) {
      found = bind("experiments/tasks/" + nameOrFile + SUFFIX, text, problems);
    } else if (nameOrFile.endsWith(SUFFIX) && Files.isRegularFile(beside.resolve(nameOrFile))) {
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
                  SUFFIX,
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

  private static @Nullable String packed(String name) {
    if (name.contains("/") || name.contains("\\")) {
      return null;
    }
    try (InputStream in = Tasks.class.getResourceAsStream(FOLDER + "/" + name + SUFFIX)) {
      return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("task %s cannot be read".formatted(name), e);
    }
  }
}
