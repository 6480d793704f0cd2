package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.ChecksumShardsStageConfig;
import dev.pawl.model.dataset.ShardFolder;
import dev.pawl.model.dataset.ShardManifest;
import dev.pawl.model.dataset.ShardProblem;
import dev.pawl.model.dataset.ShardReport;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Compares every shard with the corpus's manifest and refuses the corpus when one differs.
 *
 * <p>The work is shared by threads of one process, {@value #MOST_JOBS} files at a time at most, and
 * not by workers: the stage is one claim of one worker, as every stage is, because the shards lie
 * on that worker's disks and reading them is what takes the time. Good shards are remembered in the
 * work folder, so that the worker that follows a killed one reads only the others.
 */
public final class ChecksumShardsStage implements Stage<ChecksumShardsStageConfig> {
  /** More hash faster only on disks that a laptop does not have. */
  private static final int MOST_JOBS = 4;

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
        ShardFolder.verify(
            shards,
            manifest,
            Math.min(MOST_JOBS, Runtime.getRuntime().availableProcessors()),
            Optional.of(context.work().resolve("checksums.journal")),
            new ByteCount(context, Sizes.of(shards)));
    if (!report.problems().isEmpty()) {
      throw new PawlException(
          FailureCause.DATA,
          "%d files of %s are not as their checksums say:%n%s"
              .formatted(
                  report.problems().size(),
                  shards,
                  report.problems().stream()
                      .map(ShardProblem::message)
                      .collect(Collectors.joining(System.lineSeparator()))));
    }
    ShardsVerified verified =
        new ShardsVerified(report.shards(), report.bytes(), manifest.digest());
    Json.write(context.output().resolve("checksum_shards.json"), verified);
    return new StageResult(Json.text(verified));
  }

  record ShardsVerified(int shards, long bytes, String manifestSha256) {}
}
