package dev.pawl.model.evaluation;

/** What a task asks of a model. */
public enum TaskKind {
  /** The last word of a text, given all before it. */
  CLOZE,
  /** The right one of several continuations. */
  CHOICE
}
