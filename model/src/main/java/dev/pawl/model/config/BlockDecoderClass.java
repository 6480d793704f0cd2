package dev.pawl.model.config;

/** The kinds of block decoder. */
public enum BlockDecoderClass implements ModelClass {
  /** GPT-NeoX layers. */
  GPT_NEO_X;

  @Override
  public Class<? extends Record> configType() {
    return DecoderConfig.class;
  }

  /** The published spelling. */
  @Override
  public String toString() {
    return "gpt-neo-x";
  }
}
