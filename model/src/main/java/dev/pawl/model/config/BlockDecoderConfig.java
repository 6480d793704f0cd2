package dev.pawl.model.config;

/** The decoder over block vectors. */
public record BlockDecoderConfig(
    @Setting(doc = "Kind of block decoder.", defaultValue = "gpt-neo-x") BlockDecoderClass cls,
    @Setting(doc = "The layers.") DecoderConfig config) {

  /** GPT-NeoX layers. */
  public static BlockDecoderConfig of(DecoderConfig config) {
    return new BlockDecoderConfig(BlockDecoderClass.GPT_NEO_X, config);
  }
}
