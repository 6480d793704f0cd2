package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.Stage;
import java.util.List;

/** The stages that need no tensors. */
public final class DataStages {
  private DataStages() {}

  /** From the corpus to its token ids, and the report. */
  public static List<Stage<?>> all() {
    return List.of(
        new CorpusStage(),
        new ChecksumShardsStage(),
        new UnshardStage(),
        new ChecksumStage(),
        new TokenizeStage(),
        new ReportStage());
  }
}
