package dev.pawl.model.config;

/**
 * A Block Transformer (block-transformer.md 1.4): an embedder turns each block of tokens into one
 * or more vectors, the block decoder attends over those vectors, and the token decoder predicts the
 * tokens of the next block from its context vectors alone.
 */
public record BlockConfig(
    @Setting(
            doc = "Rows of the embedding tables; 0 is the tokenizer's size, rounded up to 128.",
            defaultValue = "0",
            min = 0)
        int vocabSize,
    @Setting(doc = "Tokens in a block.", min = 1) int blockLength,
    @Setting(doc = "How a block's tokens become vectors.") EmbedderConfig embedder,
    @Setting(doc = "The decoder over block vectors.") BlockDecoderConfig blockDecoder,
    @Setting(doc = "The decoder inside a block.") TokenDecoderConfig tokenDecoder,
    @Setting(doc = "Loss of the predicted tokens.") TokenDecodingLoss tokenDecodingLoss,
    @Setting(doc = "Loss of the context vectors.") BlockDecodingLoss blockDecodingLoss,
    @Setting(doc = "Loss of the tokens after their own embedding.")
        AutoEncodingLoss autoEncodingLoss)
    implements ModelConfig {

  public BlockConfig {
    int hidden = blockDecoder.config().hiddenSize();
    embedder = embedder.fitted(blockLength, hidden);
    tokenDecoder = tokenDecoder.fitted(blockLength, embedder.nEmbeddingTokens(), hidden);
    if (!tokenDecodingLoss.enable() && !blockDecodingLoss.enable() && !autoEncodingLoss.enable()) {
      throw new IllegalArgumentException(
          "token_decoding_loss, block_decoding_loss and auto_encoding_loss are all off: enable one");
    }
  }

  /** A model with the published losses: that of the tokens alone. */
  public BlockConfig(
      int vocabSize,
      int blockLength,
      EmbedderConfig embedder,
      BlockDecoderConfig blockDecoder,
      TokenDecoderConfig tokenDecoder) {
    this(
        vocabSize,
        blockLength,
        embedder,
        blockDecoder,
        tokenDecoder,
        new TokenDecodingLoss(true),
        new BlockDecodingLoss(false, 1, BlockLossType.CONTRASTIVE),
        new AutoEncodingLoss(false, 1));
  }

  @Override
  public BlockConfig withVocabSize(int newVocabSize) {
    return new BlockConfig(
        newVocabSize,
        blockLength,
        embedder,
        blockDecoder,
        tokenDecoder,
        tokenDecodingLoss,
        blockDecodingLoss,
        autoEncodingLoss);
  }
}
