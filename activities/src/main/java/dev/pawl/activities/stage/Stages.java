package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.Stage;
import java.util.List;

/** All kinds of stage: the one place to look for what a worker can do. */
public final class Stages {
  private Stages() {}

  /** From the corpus to the report. */
  public static List<Stage<?>> all() {
    return List.of(
        new CorpusStage(),
        new ChecksumShardsStage(),
        new UnshardStage(),
        new ChecksumStage(),
        new TokenizeStage(),
        new TakeStage(),
        new PretrainStage(),
        new EvaluateStage(),
        new GenerationStage(),
        new ReportStage());
  }
}
