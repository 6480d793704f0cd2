package dev.pawl.model.config;

/** How the tokens of a block become one or more vectors (block-transformer.md 1.5). */
public record EmbedderConfig(
    @Setting(doc = "Kind of embedder.", defaultValue = "lookup") EmbedderClass cls,
    @Setting(doc = "Vectors that a block becomes.", defaultValue = "1", min = 1)
        int nEmbeddingTokens,
    @Setting(doc = "Tokens put in front of a block; roberta_cls only.", defaultValue = "3", min = 1)
        int nClsTokens,
    @Setting(
            doc =
                "How token vectors are joined; concat for lookup if not given, projection_layer"
                    + " otherwise.",
            defaultValue = "null")
        ProjectionMethod projectionMethod,
    @Setting(doc = "The sizes, by cls.") EmbedderNetwork config) {

  public EmbedderConfig {
    if (projectionMethod == ProjectionMethod.NULL) {
      projectionMethod =
          cls == EmbedderClass.LOOKUP ? ProjectionMethod.CONCAT : ProjectionMethod.PROJECTION_LAYER;
    }
    if (!cls.configType().isInstance(config)) {
      throw new IllegalArgumentException("config does not belong to cls " + cls);
    }
  }

  /** A table whose embeddings are concatenated; 0 takes the width that fits. */
  public static EmbedderConfig lookup(int hiddenSize) {
    return new EmbedderConfig(
        EmbedderClass.LOOKUP, 1, 3, ProjectionMethod.NULL, new LookupConfig(hiddenSize, 0.02));
  }

  /** Token vectors that are joined: those of the block, or those put in front of it. */
  public int joinedTokens(int blockLength) {
    return cls == EmbedderClass.ROBERTA_CLS ? nClsTokens : blockLength;
  }

  /** Whether a linear map joins the token vectors. */
  public boolean projects() {
    return projectionMethod == ProjectionMethod.PROJECTION_LAYER;
  }

  // Checks that the vectors fit the block decoder, and fills in the width of a lookup table.
  EmbedderConfig fitted(int blockLength, int blockHidden) {
    int tokens = joinedTokens(blockLength);
    if (tokens % nEmbeddingTokens != 0) {
      String key = cls == EmbedderClass.ROBERTA_CLS ? "embedder.n_cls_tokens" : "block_length";
      throw new IllegalArgumentException(
          "%s %d is not a multiple of embedder.n_embedding_tokens %d"
              .formatted(key, tokens, nEmbeddingTokens));
    }
    int joined = tokens / nEmbeddingTokens;
    EmbedderNetwork network = config;
    if (network instanceof LookupConfig lookup && lookup.hiddenSize() == 0) {
      network =
          new LookupConfig(
              projects() ? blockHidden : blockHidden / joined, lookup.initializerRange());
    }
    if (!projects() && network.width() * joined != blockHidden) {
      throw new IllegalArgumentException(
          "%s %d x %d concatenated tokens is not block_decoder.config.hidden_size %d"
              .formatted(
                  cls == EmbedderClass.T5
                      ? "embedder.config.d_model"
                      : "embedder.config.hidden_size",
                  network.width(),
                  joined,
                  blockHidden));
    }
    if (network instanceof RobertaConfig roberta) {
      int longest = blockLength + (cls == EmbedderClass.ROBERTA_CLS ? nClsTokens : 0);
      if (longest + 2 > roberta.maxPositionEmbeddings()) {
        throw new IllegalArgumentException(
            "embedder.config.max_position_embeddings %d is too small: %d tokens take positions 2 to %d"
                .formatted(roberta.maxPositionEmbeddings(), longest, longest + 1));
      }
    }
    return new EmbedderConfig(cls, nEmbeddingTokens, nClsTokens, projectionMethod, network);
  }
}
