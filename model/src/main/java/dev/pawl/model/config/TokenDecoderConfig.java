package dev.pawl.model.config;

/** The decoder that predicts the tokens of one block from one context vector. */
public record TokenDecoderConfig(
    @Setting(doc = "How the context enters the decoder.", defaultValue = "prefix")
        DecodingStrategy decodingStrategy,
    @Setting(
            doc = "Vectors the context is expanded to: the prefix length R.",
            defaultValue = "2",
            min = 1)
        int expansionRatio,
    @Setting(doc = "The layers.") DecoderConfig config) {}
