package dev.pawl.model.config;

/** Kinds of block decoding loss. */
public enum BlockLossType {
  /** Mean squared error. */
  MSE,
  /** Each context must be nearer to its own next block than to all others of the batch. */
  CONTRASTIVE
}
