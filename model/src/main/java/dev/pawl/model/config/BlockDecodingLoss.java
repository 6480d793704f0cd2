package dev.pawl.model.config;

/** Distance of each context vector from the next block's embedding (block-transformer.md 1.8). */
public record BlockDecodingLoss(
    @Setting(doc = "Whether it is trained.", defaultValue = "false") boolean enable,
    @Setting(doc = "Its share in the sum of losses.", defaultValue = "1.0", min = 0) double weight,
    @Setting(doc = "Kind of distance.", defaultValue = "contrastive") BlockLossType type) {}
