package dev.pawl.experiments;

/** What a task asks of a model. */
public enum TaskKind {
  /** The last word of a text. */
  CLOZE,
  /** The right one of several continuations. */
  CHOICE
}
