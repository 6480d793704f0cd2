package dev.pawl.experiments.stage;

/** Joins the shards; its inputs say all. */
public record UnshardStageConfig() implements StageConfig {}
