package dev.pawl.model.config;

/**
 * Cross-entropy of each block's tokens after the block's own embedding (block-transformer.md 1.8).
 */
public record AutoEncodingLoss(
    @Setting(doc = "Whether it is trained.", defaultValue = "false") boolean enable,
    @Setting(doc = "Its share in the sum of losses.", defaultValue = "1.0", min = 0)
        double weight) {}
