package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.FaultPoints;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageProgress;

/** Turns scored documents into the progress of a stage, and so lets it be stopped. */
final class EvaluateProgress {
  private final StageContext context;
  private long before;
  private long done;

  EvaluateProgress(StageContext context) {
    this.context = context;
  }

  /** Another task, or another checkpoint, begins. */
  void next() {
    before += done;
    done = 0;
  }

  /**
   * Takes note.
   *
   * @param now documents of the task that are scored
   * @param total documents of the task
   */
  void scored(String task, long step, int now, int total) {
    long first = before + done + 1;
    done = now;
    context.progress(
        StageProgress.of("documents of %s at step %d".formatted(task, step), now, total));
    FaultPoints.reach("evaluate.document", first, before + done);
  }
}
