package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageProgress;
import dev.pawl.model.dataset.ByteProgress;

/** Adds bytes up into the progress of a stage, and so lets it be stopped. For one thread. */
final class ByteCount implements ByteProgress {
  private final StageContext context;
  private final long total;
  private long done;

  ByteCount(StageContext context, long total) {
    this.context = context;
    this.total = total;
  }

  @Override
  public void advance(long bytes) {
    done += bytes;
    context.progress(StageProgress.of("bytes", done, total));
  }
}
