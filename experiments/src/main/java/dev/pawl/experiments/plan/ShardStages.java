package dev.pawl.experiments.plan;

import dev.pawl.experiments.DatasetSource;
import dev.pawl.experiments.stage.ChecksumShardsStageConfig;
import dev.pawl.experiments.stage.CorpusStageConfig;
import dev.pawl.experiments.stage.FileIdentity;
import dev.pawl.experiments.stage.UnshardStageConfig;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Plans the corpus, the parts in which its shards are verified, and their joining.
 *
 * <p>The user's own shards are verified where they lie, before the corpus takes them. Shards that
 * the corpus stage itself makes are verified after it.
 */
final class ShardStages {
  /** More parts give more workers something to do; each costs a claim and a few rows. */
  private static final int MOST_PARTS = 8;

  private final String corpus;
  private final String unshard;

  ShardStages(List<PlannedStage> stages, CorpusStageConfig config, UserFiles files) {
    if (config.source() == DatasetSource.SHARDS) {
      FileIdentity shards = config.shards();
      int count = shards == null ? 1 : files.shardCount(shards);
      corpus =
          Planner.add(stages, StageKind.CORPUS, config, parts(stages, count, shards, Map.of()));
      unshard =
          Planner.add(
              stages, StageKind.UNSHARD, new UnshardStageConfig(), Map.of("corpus", corpus));
    } else {
      corpus = Planner.add(stages, StageKind.CORPUS, config, Map.of());
      Map<String, String> inputs =
          new TreeMap<>(parts(stages, made(config), null, Map.of("corpus", corpus)));
      inputs.put("corpus", corpus);
      unshard = Planner.add(stages, StageKind.UNSHARD, new UnshardStageConfig(), inputs);
    }
  }

  /** Key of the stage that brings the documents under one roof. */
  String corpus() {
    return corpus;
  }

  /** Key of the stage that joins the shards. */
  String unshard() {
    return unshard;
  }

  private static int made(CorpusStageConfig config) {
    return config.source() == DatasetSource.STORIES
        ? Objects.requireNonNull(config.stories(), "stories").shards()
        : config.files().size();
  }

  private static Map<String, String> parts(
      List<PlannedStage> stages,
      int shards,
      @Nullable FileIdentity folder,
      Map<String, String> inputs) {
    int parts = Math.max(1, Math.min(shards, MOST_PARTS));
    Map<String, String> keys = new TreeMap<>();
    for (int part = 1; part <= parts; part++) {
      keys.put(
          "checksum_shards_" + part,
          Planner.add(
              stages,
              StageKind.CHECKSUM_SHARDS,
              new ChecksumShardsStageConfig(part, parts, folder),
              inputs));
    }
    return keys;
  }
}
