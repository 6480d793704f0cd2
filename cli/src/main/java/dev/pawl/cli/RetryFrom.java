package dev.pawl.cli;

import dev.pawl.activities.artifact.ArtifactStore;
import dev.pawl.activities.artifact.ArtifactStores;
import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.db.StageRow;
import dev.pawl.db.StageStatus;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.yaml.Nearest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Throws away what runs have, from a stage on, so that it is made again. */
final class RetryFrom {
  /** The stage that has checkpoints. */
  static final String TRAINING = StageKind.PRETRAIN.id();

  private final Database database;
  private final ArtifactStore artifacts;
  private final List<String> runIds;

  /**
   * For some runs.
   *
   * @param runs all that are taken up again; what others need too is kept
   */
  RetryFrom(Database database, Path home, List<RunRow> runs) {
    this.database = database;
    this.artifacts = ArtifactStores.of(home);
    this.runIds = runs.stream().map(RunRow::id).toList();
  }

  /**
   * Throws away a run's stages from one of this kind on, but none that is done and that runs which
   * are not taken up again need too.
   *
   * @throws NotFoundException when the run has no such stage, with the nearest one
   */
  void forget(RunRow run, List<StageRow> stages, String from) throws IOException {
    List<String> kinds = stages.stream().map(StageRow::kind).toList();
    // The first of several parts: all of them are made again.
    int first = kinds.indexOf(from);
    if (first < 0) {
      String nearest = Nearest.to(from, kinds).map(near -> ", nearest: " + near).orElse("");
      throw new NotFoundException(
          "run %s has no stage %s%s; it has %s"
              .formatted(run.name(), from, nearest, kinds.stream().distinct().toList()));
    }
    List<StageRow> wanted = stages.subList(first, stages.size());
    Set<String> shared =
        database.sweeps().neededByOthers(wanted.stream().map(StageRow::key).toList(), runIds);
    for (StageRow stage : wanted) {
      if (stage.status() == StageStatus.DONE && shared.contains(stage.key())) {
        System.err.printf(
            "pawl: stage %s of run %s is kept: other runs have it too%n", stage.kind(), run.name());
        continue;
      }
      database.stages().reopen(stage.key(), "retry --from " + from);
      database.stages().forgetInexact(stage.key());
      artifacts.remove(stage.kind(), stage.key());
      artifacts.discardWork(stage.key());
    }
  }
}
