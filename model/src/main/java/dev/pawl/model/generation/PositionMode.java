package dev.pawl.model.generation;

/** Positions inside a block while it is generated (block-transformer.md 1.11). */
public enum PositionMode {
  /** Those that the model was trained with: prefix vectors take 0 to R - 1, tokens R and on. */
  TRAINING,
  /** Those of the original program: all prefix vectors take 0, tokens 1 and on. */
  REFERENCE
}
