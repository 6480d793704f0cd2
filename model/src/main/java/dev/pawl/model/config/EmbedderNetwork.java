package dev.pawl.model.config;

/** What an embedder consists of; {@code cls} says which. */
public sealed interface EmbedderNetwork permits LookupConfig, RobertaConfig, T5Config {

  /** Width of a token's vector. */
  int width();
}
