package dev.pawl.model.config;

/** How a context vector becomes the vectors that the token decoder sees. */
public enum ExpansionMethod {
  /** A trained linear map. */
  EXPANSION_LAYER,
  /** It is repeated. */
  NULL
}
