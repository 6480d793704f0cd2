package dev.pawl.model.config;

/** How token datasets become samples in training order. */
public enum Sampler {
  /** Documents one after another with padding, cut into samples; a new permutation each epoch. */
  BLOCK_TRANSFORMER,
  /**
   * Shuffled documents cut into overlapping samples, shuffled again; datasets blended by weight.
   */
  MEGATRON
}
