package dev.pawl.activities.protocol;

import dev.pawl.activities.StageRequest;
import dev.pawl.activities.artifact.CheckpointCopies;
import dev.pawl.db.Claim;
import dev.pawl.db.Database;
import dev.pawl.db.StageRow;
import java.nio.file.Path;

/** What the body of a stage may touch. Used by the thread that runs the body. */
public interface StageContext {
  /** Who asked. */
  StageRequest request();

  /** The stage as it was claimed. */
  StageRow stage();

  /** The claim that fences every write of this attempt. */
  Claim claim();

  Database database();

  /**
   * Folder of an input's artifact, verified when first asked for; read only.
   *
   * @throws dev.pawl.model.failure.PawlException DATA when the artifact is missing or damaged; the
   *     stage that makes it is then reopened
   */
  Path input(String name);

  /** Empty folder, of this attempt alone, that becomes the artifact. */
  Path output();

  /** Folder of this stage that outlives attempts and is removed when the stage is done. */
  Path work();

  /**
   * Copies of this attempt's checkpoints for other hosts, where artifacts are shared; the stage
   * closes them.
   *
   * @param checkpoints their folder, within {@link #work}
   */
  default CheckpointCopies copies(Path checkpoints, CheckpointCopies.Watch watch) {
    return CheckpointCopies.NONE;
  }

  /** The account of this attempt's time: say here what is saved, and since when. */
  TimeLedger time();

  /** Who watches this attempt: tell it what its metrics and traces need. */
  default AttemptObserver observer() {
    return AttemptObserver.NONE;
  }

  /**
   * Says where the stage stands and asks whether it may go on. Cheap: call it as often as you like.
   *
   * @throws StageCancelledException when the stage must stop; save and let it pass
   * @throws dev.pawl.db.FencedException when another worker holds the stage; write nothing more
   */
  void progress(StageProgress progress);

  /** Asks whether the stage may go on, with the failures of {@link #progress}. */
  void check();
}
