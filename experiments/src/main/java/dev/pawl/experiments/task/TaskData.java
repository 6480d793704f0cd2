package dev.pawl.experiments.task;

import dev.pawl.model.config.TaskDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the files of a task in the user's folders. */
public final class TaskData {
  private TaskData() {}

  /**
   * The file of documents and, where the task has one, that of labels; nothing where one is
   * missing.
   */
  public static Optional<List<Path>> find(TaskDefinition task, List<Path> folders) {
    List<Path> found = new ArrayList<>();
    for (List<String> names : wanted(task)) {
      Optional<Path> file = names.stream().flatMap(name -> in(folders, name).stream()).findFirst();
      if (file.isEmpty()) {
        return Optional.empty();
      }
      found.add(file.get());
    }
    return Optional.of(found);
  }

  /** What is missing, where it is published and where it was looked for. */
  public static String missing(TaskDefinition task, List<Path> folders) {
    List<String> wanted = wanted(task).stream().map(names -> String.join(" or ", names)).toList();
    return "no %s in %s for task %s; published: %s"
        .formatted(
            wanted.stream().anyMatch(names -> !names.isEmpty())
                ? String.join(" with ", wanted)
                : "file is named",
            folders,
            task.task(),
            task.published());
  }

  private static List<List<String>> wanted(TaskDefinition task) {
    return task.labels().isEmpty() ? List.of(task.files()) : List.of(task.files(), task.labels());
  }

  private static Optional<Path> in(List<Path> folders, String name) {
    Path given = Path.of(name);
    if (given.isAbsolute()) {
      return Optional.of(given).filter(Files::isRegularFile);
    }
    return folders.stream()
        .map(folder -> folder.resolve(name).toAbsolutePath().normalize())
        .filter(Files::isRegularFile)
        .findFirst();
  }
}
