package dev.pawl.experiments.stage;

import dev.pawl.experiments.TaskKind;

/**
 * One task.
 *
 * @param file its documents; the path {@code corpus:PATH} is inside the corpus artifact and needs
 *     no digest
 */
public record TaskConfig(String name, TaskKind kind, FileIdentity file, int limit) {
  /** Marks a file of the corpus artifact. */
  public static final String CORPUS = "corpus:";

  TaskConfig withoutPath() {
    boolean corpus = file.path().startsWith(CORPUS);
    return new TaskConfig(name, kind, corpus ? file : file.withoutPath(), limit);
  }
}
