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

  /** The same without what decides no result, such as places of files: it enters the key. */
  default StageConfig withoutPaths() {
    return this;
  }
}
