package dev.pawl.activities.stage;

import dev.pawl.activities.artifact.CheckpointCopies;
import dev.pawl.activities.protocol.FaultPoints;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.db.CheckpointRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What other hosts have of a training's checkpoints, where artifacts are shared: an attempt begins
 * with theirs, and they can go on with its own.
 */
final class OtherHosts implements AutoCloseable {
  private final StageContext context;
  private final CheckpointCopies copies;
  private boolean asked;

  OtherHosts(StageContext context, Path checkpoints) {
    this.context = context;
    this.copies = context.copies(checkpoints, new Faults());
  }

  /** Faults may be caused where checkpoints are copied. */
  private static final class Faults implements CheckpointCopies.Watch {
    @Override
    public void begins(long step) {
      FaultPoints.reach("pretrain.before_copy", step);
    }

    @Override
    public void copied(long step) {
      FaultPoints.reach("pretrain.after_copy", step);
    }
  }

  /** Brings here, once, what is recorded and is not here. */
  void fetch() throws IOException {
    if (asked || copies == CheckpointCopies.NONE) {
      return;
    }
    Map<Long, String> recorded = new HashMap<>();
    for (CheckpointRow row : context.database().checkpoints().of(context.stage().key())) {
      if (row.removed().isEmpty()) {
        recorded.put(row.step(), row.sha256());
      }
    }
    copies.fetch(recorded, bytes -> context.check());
    asked = true;
  }

  /** A checkpoint was saved or removed. */
  void changed() {
    copies.changed();
  }

  /** Waits until they have what is here, or cannot have it now. */
  void settle() {
    copies.settle();
  }

  @Override
  public void close() {
    copies.close();
  }
}
