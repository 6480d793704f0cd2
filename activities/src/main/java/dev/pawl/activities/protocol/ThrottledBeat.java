package dev.pawl.activities.protocol;

import dev.pawl.model.dataset.ByteProgress;
import java.time.Duration;

/** Beats while bytes are read before a stage is claimed. For one thread. */
final class ThrottledBeat implements ByteProgress {
  private final Heartbeat heartbeat;
  private final long everyNanos;
  private long last = System.nanoTime();

  ThrottledBeat(Heartbeat heartbeat, Duration every) {
    this.heartbeat = heartbeat;
    this.everyNanos = every.toNanos();
  }

  @Override
  public void advance(long bytes) {
    long now = System.nanoTime();
    if (now - last >= everyNanos) {
      last = now;
      heartbeat.beat();
    }
  }
}
