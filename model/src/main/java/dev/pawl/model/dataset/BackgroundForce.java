package dev.pawl.model.dataset;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Forces what was written to the disk while more is being written, so that the force at the end of
 * a shard finds little to do. A failure shows at that last force.
 */
final class BackgroundForce implements AutoCloseable {
  private static final long EVERY_BYTES = 64L << 20;

  private final FileChannel channel;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, "background-force");
            made.setDaemon(true);
            return made;
          });
  private volatile @Nullable IOException failed;
  private long waiting;

  BackgroundForce(FileChannel channel) {
    this.channel = channel;
  }

  /** Hears of bytes written; for the thread that writes. */
  void written(int bytes) {
    waiting += bytes;
    if (waiting >= EVERY_BYTES && busy.compareAndSet(false, true)) {
      waiting = 0;
      thread.execute(this::force);
    }
  }

  private void force() {
    try {
      channel.force(false);
    } catch (IOException e) {
      // The kernel may report a failed write once only: the output must not be believed any more.
      failed = e;
    } finally {
      busy.set(false);
    }
  }

  /** Forces everything. */
  void finish() throws IOException {
    channel.force(false);
    IOException before = failed;
    if (before != null) {
      throw before;
    }
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
