package dev.pawl.model.config;

/** How the context vector enters the token decoder (block-transformer.md 1.7). */
public enum DecodingStrategy {
  /** The expanded context vectors stand before the block's tokens. */
  PREFIX,
  /** One expanded context vector is added to each token embedding. */
  SUMMATION,
  /** Every layer attends to the expanded context vectors; T5 only. */
  CROSS_ATTENTION
}
