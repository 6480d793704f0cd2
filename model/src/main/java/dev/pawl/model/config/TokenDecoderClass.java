package dev.pawl.model.config;

/** The kinds of token decoder (block-transformer.md 1.7). */
public enum TokenDecoderClass implements ModelClass {
  /** GPT-NeoX layers with tables of their own. */
  GPT_NEO_X("gpt-neo-x", DecoderConfig.class),
  /** A T5 decoder stack, which looks at the context by cross-attention. */
  T5("t5", T5Config.class);

  private final String spelling;
  private final Class<? extends Record> configType;

  TokenDecoderClass(String spelling, Class<? extends Record> configType) {
    this.spelling = spelling;
    this.configType = configType;
  }

  @Override
  public Class<? extends Record> configType() {
    return configType;
  }

  /** The published spelling. */
  @Override
  public String toString() {
    return spelling;
  }
}
