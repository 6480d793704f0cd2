package dev.pawl.model.config;

/** Which activations are computed a second time in the backward pass instead of being kept. */
public enum ActivationRecompute {
  NONE,
  /** Those inside each layer over the whole sequence, and those of the embedder. */
  FULL
}
