package dev.pawl.model.config;

/** The kinds of block embedder (block-transformer.md 1.5). */
public enum EmbedderClass implements ModelClass {
  /** One table, which looks at no mask. */
  LOOKUP(LookupConfig.class),
  /** A RoBERTa encoder over the tokens of the block. */
  ROBERTA(RobertaConfig.class),
  /** The same with further tokens in front; only what stands there is used. */
  ROBERTA_CLS(RobertaConfig.class),
  /** A T5 encoder over the tokens of the block. */
  T5(T5Config.class);

  private final Class<? extends Record> configType;

  EmbedderClass(Class<? extends Record> configType) {
    this.configType = configType;
  }

  @Override
  public Class<? extends Record> configType() {
    return configType;
  }
}
