package dev.pawl.model.config;

import java.util.Locale;

/** How the learning rate falls after warm-up. */
public enum LrDecayStyle {
  /** Half a cosine counted in optimizer steps, as published with the Block Transformer. */
  COSINE,
  /** Half a cosine counted in samples, as in Megatron. */
  MEGATRON_COSINE,
  /** A line, counted in samples. */
  LINEAR,
  /** Not at all. */
  CONSTANT,
  /** As one over the square root of the samples. */
  INVERSE_SQUARE_ROOT;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
