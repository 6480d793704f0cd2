package dev.pawl.experiments.stage;

/** Verifies every shard; its inputs say all. */
public record ChecksumShardsStageConfig() implements StageConfig {}
