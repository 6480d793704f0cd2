package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.ChecksumShardsStageConfig;
import dev.pawl.model.dataset.ShardFolder;
import dev.pawl.model.dataset.ShardManifest;
import dev.pawl.model.dataset.ShardReport;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;

/** Compares every shard with the corpus's manifest and refuses the corpus when one differs. */
public final class ChecksumShardsStage implements Stage<ChecksumShardsStageConfig> {
  @Override
  public Class<ChecksumShardsStageConfig> configType() {
    return ChecksumShardsStageConfig.class;
  }

  @Override
  public StageKind kind() {
    return StageKind.CHECKSUM_SHARDS;
  }

  @Override
  public StageResult execute(ChecksumShardsStageConfig config, StageContext context)
      throws IOException {
    Path corpus = context.input("corpus");
    Path shards = CorpusLayout.shards(corpus);
    ShardManifest manifest = ShardManifest.read(CorpusLayout.manifest(corpus));
    ShardReport report =
        ShardFolder.verify(shards, manifest, new ByteCount(context, Sizes.of(shards)));
    if (!report.problems().isEmpty()) {
      throw new PawlException(
          FailureCause.DATA,
          "%d shards of %s do not match their checksums; fetch them again:%n%s"
              .formatted(
                  report.problems().size(),
                  shards,
                  String.join(System.lineSeparator(), report.problems())));
    }
    ShardsVerified verified =
        new ShardsVerified(report.shards(), report.bytes(), manifest.digest());
    Json.write(context.output().resolve("checksum_shards.json"), verified);
    return new StageResult(Json.text(verified));
  }

  record ShardsVerified(int shards, long bytes, String manifestSha256) {}
}
