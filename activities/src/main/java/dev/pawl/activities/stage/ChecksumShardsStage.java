package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.ChecksumShardsStageConfig;
import dev.pawl.experiments.stage.FileIdentity;
import dev.pawl.model.dataset.ShardFolder;
import dev.pawl.model.dataset.ShardManifest;
import dev.pawl.model.dataset.ShardPart;
import dev.pawl.model.dataset.ShardProblem;
import dev.pawl.model.dataset.ShardReport;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Compares one part of the shards with their manifest and refuses the corpus when one differs.
 *
 * <p>Parts are stages of their own, so that several workers share them; within a part one file is
 * read after the other. Good shards are remembered in the work folder, so that the worker that
 * follows a killed one reads only the others, and in the artifact, so that who takes the shards
 * later reads only those that have been written since.
 */
public final class ChecksumShardsStage implements Stage<ChecksumShardsStageConfig> {
  /** Beside its numbers, the artifact holds which files were found good, and when written. */
  static final String JOURNAL = "checksums.journal";

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
    ShardPart part = new ShardPart(config.part(), config.parts());
    FileIdentity given = config.shards();
    Path shards =
        given == null ? CorpusLayout.shards(context.input("corpus")) : Path.of(given.path());
    ShardManifest manifest =
        given == null
            ? ShardManifest.read(shards.resolve(CorpusLayout.CHECKSUMS))
            : CorpusLayout.plannedManifest(given);
    ShardReport report =
        ShardFolder.verify(
            shards,
            manifest,
            part,
            1,
            Optional.of(context.work().resolve(JOURNAL)),
            new ByteCount(context, Sizes.of(shards, part.names(manifest))));
    if (!report.problems().isEmpty()) {
      throw new PawlException(
          FailureCause.DATA,
          "%s%d files of %s are not as their checksums say%s:%n%s"
              .formatted(
                  given == null ? "" : "dataset.shards: ",
                  report.problems().size(),
                  shards,
                  given == null ? "" : "; mend them and run the same command again",
                  report.problems().stream()
                      .map(ShardProblem::message)
                      .collect(Collectors.joining(System.lineSeparator()))));
    }
    ShardFolder.remember(context.output().resolve(JOURNAL), report);
    ShardsVerified verified =
        new ShardsVerified(
            config.part(), config.parts(), report.shards(), report.bytes(), manifest.digest());
    Json.write(context.output().resolve("checksum_shards.json"), verified);
    return new StageResult(Json.text(verified));
  }

  record ShardsVerified(int part, int parts, int shards, long bytes, String manifestSha256) {}
}
