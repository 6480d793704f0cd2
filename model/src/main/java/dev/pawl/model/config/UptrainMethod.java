package dev.pawl.model.config;

/**
 * How the M layers of a vanilla model become the B layers of a block decoder and the K layers of a
 * token decoder (block-transformer.md 1.10).
 */
public enum UptrainMethod {
  /** The first B to the block decoder, the next K to the token decoder; B + K is M. */
  PARTITION,
  /** Every other layer to both; 2B and 2K are M. */
  SKIP,
  /** All layers to both; B and K are M. */
  DUPLICATE
}
