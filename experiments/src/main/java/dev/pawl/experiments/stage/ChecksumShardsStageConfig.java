package dev.pawl.experiments.stage;

import org.jspecify.annotations.Nullable;

/**
 * Verifies one part of the shards.
 *
 * @param part which one, from 1
 * @param parts how many there are
 * @param shards the user's folder with the digest of its manifest; null for the shards of the
 *     corpus that is the stage's input
 */
public record ChecksumShardsStageConfig(int part, int parts, @Nullable FileIdentity shards)
    implements StageConfig {

  @Override
  public StageConfig withoutPaths() {
    return new ChecksumShardsStageConfig(part, parts, shards == null ? null : shards.withoutPath());
  }
}
