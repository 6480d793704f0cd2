package dev.pawl.model.config;

/**
 * A Block Transformer (block-transformer.md 1.4): an embedder turns each block of tokens into one
 * vector, the block decoder attends over those vectors, and the token decoder predicts the tokens
 * of the next block from one context vector alone.
 */
public record BlockConfig(
    @Setting(
            doc = "Rows of the embedding tables; 0 is the tokenizer's size, rounded up to 128.",
            defaultValue = "0",
            min = 0)
        int vocabSize,
    @Setting(doc = "Tokens in a block.", min = 1) int blockLength,
    @Setting(doc = "How a block's tokens become one vector.") EmbedderConfig embedder,
    @Setting(doc = "The layers over block vectors.") DecoderConfig blockDecoder,
    @Setting(doc = "The decoder inside a block.") TokenDecoderConfig tokenDecoder)
    implements ModelConfig {

  public BlockConfig {
    if (embedder.hiddenSize() == 0) {
      embedder =
          new EmbedderConfig(
              embedder.cls(), blockDecoder.hiddenSize() / blockLength, embedder.initializerRange());
    }
    if (embedder.hiddenSize() * blockLength != blockDecoder.hiddenSize()) {
      throw new IllegalArgumentException(
          "embedder.hidden_size %d x block_length %d is not block_decoder.hidden_size %d"
              .formatted(embedder.hiddenSize(), blockLength, blockDecoder.hiddenSize()));
    }
  }

  @Override
  public BlockConfig withVocabSize(int newVocabSize) {
    return new BlockConfig(newVocabSize, blockLength, embedder, blockDecoder, tokenDecoder);
  }
}
