package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageProgress;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.CorpusStageConfig;
import dev.pawl.model.corpus.StoryCorpus;
import dev.pawl.model.dataset.ShardManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** Brings the documents of an experiment under one roof: shards, checksums, held-out documents. */
public final class CorpusStage implements Stage<CorpusStageConfig> {
  @Override
  public Class<CorpusStageConfig> configType() {
    return CorpusStageConfig.class;
  }

  @Override
  public StageKind kind() {
    return StageKind.CORPUS;
  }

  @Override
  public StageResult execute(CorpusStageConfig config, StageContext context) throws IOException {
    Path corpus = context.output();
    switch (config.source()) {
      case STORIES -> {
        context.progress(StageProgress.of("corpus", 0, 1));
        StoryCorpus.write(Objects.requireNonNull(config.stories(), "stories"), corpus);
        context.progress(StageProgress.of("corpus", 1, 1));
      }
      case FILES -> new CorpusImport(context).files(config.files(), config.validFiles());
      case SHARDS -> new CorpusImport(context).shards(config);
      case INDEXED ->
          throw new IllegalArgumentException("token datasets are taken by the take stage");
    }
    ShardManifest manifest = ShardManifest.read(CorpusLayout.manifest(corpus));
    return new StageResult(Json.text(new CorpusMade(manifest.digests().size(), manifest.digest())));
  }

  record CorpusMade(int shards, String manifestSha256) {}
}
