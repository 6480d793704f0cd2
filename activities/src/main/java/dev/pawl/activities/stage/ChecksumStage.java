package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.ChecksumStageConfig;
import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;

/** Reads the joined corpus back from the disk and compares it with what was written. */
public final class ChecksumStage implements Stage<ChecksumStageConfig> {
  @Override
  public Class<ChecksumStageConfig> configType() {
    return ChecksumStageConfig.class;
  }

  @Override
  public StageKind kind() {
    return StageKind.CHECKSUM;
  }

  @Override
  public StageResult execute(ChecksumStageConfig config, StageContext context) throws IOException {
    Path unshard = context.input("unshard");
    WholeCorpus written = Json.read(unshard.resolve(WholeCorpus.FILE_NAME), WholeCorpus.class);
    Path file = unshard.resolve(written.file());
    FileDigest read = FileDigests.of(file, new ByteCount(context, written.bytes()));
    if (read.bytes() != written.bytes() || !read.sha256().equals(written.sha256())) {
      throw new PawlException(
          FailureCause.DATA,
          "%s has %d bytes and sha256 %s, written were %d bytes and %s; the disk changed them"
              .formatted(file, read.bytes(), read.sha256(), written.bytes(), written.sha256()));
    }
    Json.write(context.output().resolve("checksum.json"), written);
    return new StageResult(Json.text(written));
  }
}
