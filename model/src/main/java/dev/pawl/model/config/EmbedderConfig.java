package dev.pawl.model.config;

/**
 * How the tokens of a block become one vector (block-transformer.md 1.5): one table, the block's
 * embeddings concatenated in token order.
 */
public record EmbedderConfig(
    @Setting(doc = "Kind of embedder.", defaultValue = "lookup") EmbedderKind cls,
    @Setting(
            doc = "Width of a token's embedding; 0 is block_decoder.hidden_size / block_length.",
            defaultValue = "0",
            min = 0)
        int hiddenSize,
    @Setting(doc = "Standard deviation of the initial table.", defaultValue = "0.02", min = 0)
        double initializerRange) {}
