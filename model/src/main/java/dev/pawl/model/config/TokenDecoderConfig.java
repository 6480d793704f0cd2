package dev.pawl.model.config;

/** The decoder that predicts the tokens of one block from its context vectors alone. */
public record TokenDecoderConfig(
    @Setting(doc = "Kind of token decoder.", defaultValue = "gpt-neo-x") TokenDecoderClass cls,
    @Setting(
            doc = "How a context vector is expanded; null repeats it.",
            defaultValue = "expansion_layer")
        ExpansionMethod expansionMethod,
    @Setting(
            doc =
                "Vectors that a context vector is expanded to; 0 is 2 for prefix, else as many as"
                    + " the block's tokens need.",
            defaultValue = "0",
            min = 0)
        int expansionRatio,
    @Setting(doc = "How the context enters the decoder.", defaultValue = "prefix")
        DecodingStrategy decodingStrategy,
    @Setting(doc = "The sizes, by cls.") TokenDecoderNetwork config) {

  public TokenDecoderConfig {
    if (!cls.configType().isInstance(config)) {
      throw new IllegalArgumentException("config does not belong to cls " + cls);
    }
    if ((cls == TokenDecoderClass.T5) != (decodingStrategy == DecodingStrategy.CROSS_ATTENTION)) {
      throw new IllegalArgumentException(
          "decoding_strategy %s does not go with cls %s: t5 takes cross_attention, gpt-neo-x takes"
                  .formatted(decodingStrategy.name().toLowerCase(java.util.Locale.ROOT), cls)
              + " prefix or summation");
    }
  }

  /** A GPT-NeoX decoder behind R prefix vectors. */
  public static TokenDecoderConfig prefix(int expansionRatio, DecoderConfig config) {
    return new TokenDecoderConfig(
        TokenDecoderClass.GPT_NEO_X,
        ExpansionMethod.EXPANSION_LAYER,
        expansionRatio,
        DecodingStrategy.PREFIX,
        config);
  }

  // Checks that the vectors fit, and fills in the ratio.
  TokenDecoderConfig fitted(int blockLength, int embeddingTokens, int blockHidden) {
    int ratio = expansionRatio;
    if (ratio == 0) {
      ratio =
          switch (decodingStrategy) {
            case PREFIX -> 2;
            case SUMMATION -> Math.max(1, blockLength / embeddingTokens);
            case CROSS_ATTENTION -> blockLength;
          };
    }
    if (decodingStrategy == DecodingStrategy.SUMMATION && embeddingTokens * ratio != blockLength) {
      throw new IllegalArgumentException(
          "embedder.n_embedding_tokens %d x token_decoder.expansion_ratio %d is not block_length %d,"
                  .formatted(embeddingTokens, ratio, blockLength)
              + " as summation needs");
    }
    if (expansionMethod == ExpansionMethod.NULL && config.width() != blockHidden) {
      throw new IllegalArgumentException(
          "token_decoder.expansion_method null repeats vectors of size %d, but token_decoder.config is"
                  .formatted(blockHidden)
              + " %d wide; use expansion_layer".formatted(config.width()));
    }
    return new TokenDecoderConfig(cls, expansionMethod, ratio, decodingStrategy, config);
  }
}
