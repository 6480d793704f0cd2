package dev.pawl.experiments.stage;

import dev.pawl.experiments.DatasetSource;
import dev.pawl.model.config.StoriesConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes or takes the corpus.
 *
 * @param stories for the built-in corpus
 * @param shards folder of shards with the digest of its manifest
 */
public record CorpusStageConfig(
    DatasetSource source,
    @Nullable StoriesConfig stories,
    List<FileIdentity> files,
    List<FileIdentity> validFiles,
    @Nullable FileIdentity shards)
    implements StageConfig {

  @Override
  public StageConfig withoutPaths() {
    return new CorpusStageConfig(
        source,
        stories,
        files.stream().map(FileIdentity::withoutPath).toList(),
        validFiles.stream().map(FileIdentity::withoutPath).toList(),
        shards == null ? null : shards.withoutPath());
  }
}
