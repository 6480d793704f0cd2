package dev.pawl.experiments.stage;

/** Verifies the whole corpus; its inputs say all. */
public record ChecksumStageConfig() implements StageConfig {}
