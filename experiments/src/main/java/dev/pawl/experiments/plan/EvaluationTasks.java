package dev.pawl.experiments.plan;

import dev.pawl.experiments.ConfigException;
import dev.pawl.experiments.DatasetSource;
import dev.pawl.experiments.ExperimentSpec;
import dev.pawl.experiments.IfMissing;
import dev.pawl.experiments.TaskSpec;
import dev.pawl.experiments.stage.FileIdentity;
import dev.pawl.experiments.stage.TaskConfig;
import dev.pawl.experiments.task.TaskData;
import dev.pawl.experiments.task.Tasks;
import dev.pawl.model.config.TaskDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Plans the tasks of an experiment: their definitions, and the digests of their files. */
final class EvaluationTasks {
  private final ExperimentSpec spec;
  private final Path yaml;
  private final UserFiles files;
  private final UnaryOperator<String> place;
  private final List<String> problems;
  private final List<String> notes;

  EvaluationTasks(
      ExperimentSpec spec,
      Path yaml,
      UserFiles files,
      UnaryOperator<String> place,
      List<String> problems,
      List<String> notes) {
    this.spec = spec;
    this.yaml = yaml.toAbsolutePath().normalize();
    this.files = files;
    this.place = place;
    this.problems = problems;
    this.notes = notes;
  }

  /** The tasks whose files are there. */
  List<TaskConfig> plan() {
    List<TaskConfig> tasks = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < spec.evaluation().tasks().size(); i++) {
      TaskSpec task = spec.evaluation().tasks().get(i);
      String key = "evaluation.tasks[%d]".formatted(i);
      String at = place.apply(key + ".name");
      if (names.contains(task.name())) {
        problems.add("%s: evaluation.tasks: task %s is given twice".formatted(at, task.name()));
      }
      names.add(task.name());
      try {
        TaskDefinition definition = Tasks.load(task.kind().orElse(task.name()), yamlFolder());
        tasks.addAll(task(task, definition, key, at));
      } catch (ConfigException e) {
        e.problems().forEach(problem -> problems.add("%s: %s: %s".formatted(at, key, problem)));
      }
    }
    return tasks;
  }

  // One task, or none where its files are missing.
  private List<TaskConfig> task(TaskSpec task, TaskDefinition definition, String key, String at) {
    String given = task.file().orElse("");
    if (given.startsWith(TaskConfig.CORPUS)) {
      if (spec.dataset().effectiveSource() != DatasetSource.STORIES) {
        problems.add(
            "%s: %s.file: %s is part of the built-in corpus only".formatted(at, key, given));
      }
      FileIdentity file = new FileIdentity(given, "");
      return List.of(new TaskConfig(task.name(), definition, List.of(file), task.limit()));
    }
    List<Path> folders = folders();
    TaskDefinition wanted = given.isEmpty() ? definition : definition.withFile(given);
    Optional<List<Path>> found = TaskData.find(wanted, folders);
    if (found.isPresent()) {
      List<FileIdentity> identities =
          found.get().stream()
              .map(file -> files.identify(at, key + ".file", file.toString()))
              .toList();
      return List.of(new TaskConfig(task.name(), definition, identities, task.limit()));
    }
    String missing = TaskData.missing(wanted, folders);
    if (task.ifMissing() == IfMissing.SKIP) {
      notes.add(
          "task %s is left out: %s (evaluation.data=FOLDER names another)"
              .formatted(task.name(), missing));
    } else {
      problems.add(
          "%s: %s.file: %s; set evaluation.data to its folder".formatted(at, key, missing));
    }
    return List.of();
  }

  private Path yamlFolder() {
    Path folder = yaml.getParent();
    return folder == null ? Path.of("") : folder;
  }

  private List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    spec.evaluation().data().ifPresent(data -> folders.add(absolute(data)));
    folders.add(yamlFolder());
    if (!spec.dataset().files().isEmpty()) {
      Path first = absolute(spec.dataset().files().get(0)).getParent();
      if (first != null && Files.isDirectory(first)) {
        folders.add(first);
      }
    }
    return folders;
  }

  private static Path absolute(String path) {
    return Path.of(path).toAbsolutePath().normalize();
  }
}
