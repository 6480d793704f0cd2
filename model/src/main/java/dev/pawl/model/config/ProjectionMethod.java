package dev.pawl.model.config;

/** How the vectors of a block's tokens become the block's embedding tokens. */
public enum ProjectionMethod {
  /** The published default: concat for a lookup embedder, else projection_layer. */
  NULL,
  /** Side by side, in token order. */
  CONCAT,
  /** A trained linear map of the vectors side by side. */
  PROJECTION_LAYER
}
