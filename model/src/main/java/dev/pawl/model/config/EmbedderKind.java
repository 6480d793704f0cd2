package dev.pawl.model.config;

/** The kinds of block embedder. */
public enum EmbedderKind {
  /** One table; the embeddings of the block's tokens are concatenated. */
  LOOKUP
}
