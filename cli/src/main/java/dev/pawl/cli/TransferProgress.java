package dev.pawl.cli;

import dev.pawl.model.dataset.ByteProgress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Says on stderr how many bytes are done, how fast, and how long the rest takes: one line that
 * changes on a terminal, a line now and then elsewhere. For one thread.
 */
final class TransferProgress implements ByteProgress, AutoCloseable {
  private static final long TERMINAL_NANOS = Duration.ofMillis(200).toNanos();
  private static final long LINE_NANOS = Duration.ofSeconds(5).toNanos();

  /** The speed is that of the last seconds: what was done before this run does not count long. */
  private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();

  private static final double MEGA = 1e6;

  private final boolean terminal = Boolean.getBoolean("pawl.terminal");
  private final String what;
  private final long total;
  private final Deque<long[]> window = new ArrayDeque<>();
  private long done;
  private long last = System.nanoTime();

  /** Progress towards a number of bytes; 0 when nobody knows how many there are. */
  TransferProgress(String what, long total) {
    this.what = what;
    this.total = total;
    window.add(new long[] {System.nanoTime(), 0});
  }

  @Override
  public void advance(long bytes) {
    done += bytes;
    long now = System.nanoTime();
    if (now - last >= (terminal ? TERMINAL_NANOS : LINE_NANOS)) {
      last = now;
      window.add(new long[] {now, done});
      while (window.size() > 2 && now - window.getFirst()[0] > WINDOW_NANOS) {
        window.removeFirst();
      }
      String line = line(now);
      System.err.print(terminal ? "\r" + line + "\033[K" : line + "\n");
    }
  }

  private String line(long now) {
    long[] from = window.getFirst();
    double seconds = Math.max(1e-9, (now - from[0]) / 1e9);
    double speed = (done - from[1]) / seconds;
    String text =
        total > 0
            ? String.format(
                Locale.ROOT,
                "%s: %,.0f of %,.0f MB (%.0f%%), %,.0f MB/s",
                what,
                done / MEGA,
                total / MEGA,
                100.0 * done / total,
                speed / MEGA)
            : String.format(
                Locale.ROOT, "%s: %,.0f MB, %,.0f MB/s", what, done / MEGA, speed / MEGA);
    return total > 0 && speed > 0
        ? text + ", " + left(Math.max(0, total - done) / speed) + " left"
        : text;
  }

  private static String left(double seconds) {
    Duration duration = Duration.ofSeconds((long) Math.ceil(seconds));
    return duration.toHours() > 0
        ? "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart())
        : duration.toMinutes() > 0
            ? "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart())
            : "%d s".formatted(duration.toSeconds());
  }

  @Override
  public void close() {
    if (terminal) {
      System.err.print("\r\033[K");
    }
  }
}
