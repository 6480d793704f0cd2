package dev.pawl.experiments.stage;

import dev.pawl.model.config.TaskDefinition;
import java.util.List;

/**
 * One task.
 *
 * @param files its documents and, where it has some, their labels; the path {@code corpus:PATH} is
 *     inside the corpus artifact and needs no digest
 */
public record TaskConfig(
    String name, TaskDefinition definition, List<FileIdentity> files, int limit) {
  /** Marks a file of the corpus artifact. */
  public static final String CORPUS = "corpus:";

  TaskConfig withoutPath() {
    return new TaskConfig(name, definition, files.stream().map(TaskConfig::known).toList(), limit);
  }

  private static FileIdentity known(FileIdentity file) {
    return file.path().startsWith(CORPUS) ? file : file.withoutPath();
  }
}
