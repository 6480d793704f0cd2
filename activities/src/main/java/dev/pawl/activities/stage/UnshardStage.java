package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.FaultPoints;
import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.UnshardStageConfig;
import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.dataset.Shard;
import dev.pawl.model.dataset.ShardManifest;
import dev.pawl.model.dataset.ShardSet;
import dev.pawl.model.dataset.UnshardListener;
import dev.pawl.model.dataset.Unsharder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Joins the shards, in name order, into one file and records its digest. */
public final class UnshardStage implements Stage<UnshardStageConfig> {
  @Override
  public Class<UnshardStageConfig> configType() {
    return UnshardStageConfig.class;
  }

  @Override
  public StageKind kind() {
    return StageKind.UNSHARD;
  }

  @Override
  public StageResult execute(UnshardStageConfig config, StageContext context) throws IOException {
    Path corpus = context.input("corpus");
    Path shards = CorpusLayout.shards(corpus);
    ShardManifest manifest = ShardManifest.read(CorpusLayout.manifest(corpus));
    String file = "corpus" + CorpusLayout.extension(manifest.digests().keySet());
    ByteCount progress = new ByteCount(context, Sizes.of(shards));
    // The unfinished output outlives an attempt that is killed: the next one goes on with it.
    FileDigest digest =
        Unsharder.unshard(
                ShardSet.ofManifest(shards, manifest),
                context.output().resolve(file),
                context.work(),
                Optional.empty(),
                new UnshardListener() {
                  private long shard;

                  @Override
                  public void advance(long bytes) {
                    progress.advance(bytes);
                  }

                  @Override
                  public void reused(Shard reused) {
                    shard++;
                  }

                  @Override
                  public void copying(Shard copied) {
                    FaultPoints.reach("unshard.shard", ++shard);
                  }
                })
            .whole();
    WholeCorpus whole = new WholeCorpus(file, digest.bytes(), digest.sha256());
    Json.write(context.output().resolve(WholeCorpus.FILE_NAME), whole);
    return new StageResult(Json.text(whole));
  }
}
