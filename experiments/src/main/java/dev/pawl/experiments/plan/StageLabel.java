package dev.pawl.experiments.plan;

import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.stage.ChecksumShardsStageConfig;

/** What a stage is called where people read. */
public final class StageLabel {
  private StageLabel() {}

  /** The kind, and which of how many parts: {@code checksum_shards 3/8}. */
  public static String of(String kind, int version, String configJson) {
    boolean parted =
        kind.equals(StageKind.CHECKSUM_SHARDS.id())
            && version == StageKind.CHECKSUM_SHARDS.version();
    if (!parted) {
      return kind;
    }
    try {
      ChecksumShardsStageConfig config =
          CanonicalJson.read(configJson, ChecksumShardsStageConfig.class);
      return config.parts() == 1 ? kind : "%s %d/%d".formatted(kind, config.part(), config.parts());
    } catch (IllegalArgumentException unreadable) {
      // A record that somebody changed: whoever reads the configuration says so.
      return kind;
    }
  }
}
