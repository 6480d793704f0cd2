package dev.pawl.activities.protocol;

import dev.pawl.activities.artifact.ArtifactStore;
import dev.pawl.db.StageRow;
import dev.pawl.db.StageStatus;
import dev.pawl.db.StageStore;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.model.dataset.ByteProgress;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds and verifies the artifacts that stages read. Thread-safe. */
final class Inputs {
  /** Below it every byte is compared; above it sizes must do, except for checkpoints. */
  private static final long EVERY_BYTE_BELOW = 256L << 20;

  private final StageStore stages;
  private final ArtifactStore artifacts;

  Inputs(StageStore stages, ArtifactStore artifacts) {
    this.stages = stages;
    this.artifacts = artifacts;
  }

  /** What is wrong with the artifact of a stage that is said to be done; empty when nothing is. */
  Optional<String> problem(StageRow done, ByteProgress progress) {
    return artifacts.verify(
        done.kind(), done.key(), done.digest().orElse(""), everyByte(done), progress);
  }

  private static boolean everyByte(StageRow done) {
    return done.kind().equals(StageKind.PRETRAIN.id())
        || done.bytes().orElse(0L) < EVERY_BYTE_BELOW;
  }

  Path folder(StageRow stage, String name, ByteProgress progress) {
    String key = stage.inputs().get(name);
    if (key == null) {
      throw new PawlException(
          FailureCause.BUG,
          "stage %s of kind %s has no input %s, only %s"
              .formatted(stage.key(), stage.kind(), name, stage.inputs().keySet()));
    }
    StageRow producer =
        stages
            .find(key)
            .filter(row -> row.status() == StageStatus.DONE)
            .orElseThrow(
                () ->
                    damaged(stage, name, "the stage %s that makes it is not done".formatted(key)));
    Optional<String> problem =
        artifacts.fetch(
            producer.kind(), key, producer.digest().orElse(""), everyByte(producer), progress);
    if (problem.isPresent()) {
      stages.reopen(key, problem.get());
      throw damaged(stage, name, problem.get());
    }
    return artifacts.folder(producer.kind(), key);
  }

  private static PawlException damaged(StageRow stage, String name, String problem) {
    return new PawlException(
        FailureCause.DATA,
        "input %s of stage %s %s: %s; run the experiment again, it will be made anew"
            .formatted(name, stage.kind(), stage.key(), problem));
  }
}
