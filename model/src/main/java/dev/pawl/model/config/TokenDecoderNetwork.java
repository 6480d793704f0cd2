package dev.pawl.model.config;

/** What a token decoder consists of; {@code cls} says which. */
public sealed interface TokenDecoderNetwork permits DecoderConfig, T5Config {

  /** Width of a token's vector. */
  int width();
}
