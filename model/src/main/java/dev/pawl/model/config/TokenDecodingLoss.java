package dev.pawl.model.config;

/** Cross-entropy of each block's tokens after all earlier blocks (block-transformer.md 1.8). */
public record TokenDecodingLoss(
    @Setting(doc = "Whether it is trained.", defaultValue = "true") boolean enable) {}
