package dev.pawl.experiments.stage;

/** The configuration of a stage. */
public sealed interface StageConfig
    permits CorpusStageConfig,
        ChecksumShardsStageConfig,
        UnshardStageConfig,
        ChecksumStageConfig,
        TokenizeStageConfig,
        TakeStageConfig,
        PretrainStageConfig,
        EvaluateStageConfig,
        GenerationStageConfig,
        ReportStageConfig {

  /** The same without places of files: what enters the stage's key. */
  default StageConfig withoutPaths() {
    return this;
  }
}
