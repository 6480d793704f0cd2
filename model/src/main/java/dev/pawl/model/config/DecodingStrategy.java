package dev.pawl.model.config;

/** How the context vector enters the token decoder (block-transformer.md 1.7). */
public enum DecodingStrategy {
  /** The expanded context vectors stand before the block's tokens. */
  PREFIX
}
