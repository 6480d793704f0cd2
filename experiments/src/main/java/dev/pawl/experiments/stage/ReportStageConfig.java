package dev.pawl.experiments.stage;

/** Writes the report of a run; its inputs say all. */
public record ReportStageConfig() implements StageConfig {}
