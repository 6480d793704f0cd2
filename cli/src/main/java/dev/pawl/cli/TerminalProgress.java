package dev.pawl.cli;

import dev.pawl.activities.protocol.ProgressListener;
import dev.pawl.activities.protocol.StageProgress;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Says on stderr how stages go: a bar on a terminal, a line now and then elsewhere. Thread-safe.
 */
final class TerminalProgress implements ProgressListener, AutoCloseable {
  private static final long LINE_NANOS = Duration.ofSeconds(5).toNanos();

  // The launcher knows whether stderr is a terminal; Java 17 cannot tell.
  private final boolean terminal = Boolean.getBoolean("pawl.terminal");
  private @Nullable ProgressBar bar;
  private long lastLine = System.nanoTime();

  @Override
  public synchronized void stageStarted(String runName, String kind, String key, long total) {
    endBar();
    if (terminal) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(runName + " " + kind)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .setInitialMax(Math.max(1, total))
              .build();
    } else {
      System.err.printf("%s %s: started%n", runName, kind);
    }
    lastLine = System.nanoTime();
  }

  @Override
  public synchronized void progress(String runName, String kind, StageProgress progress) {
    ProgressBar shown = bar;
    if (shown != null) {
      shown.maxHint(progress.total());
      shown.stepTo(progress.done());
      shown.setExtraMessage(values(progress));
    } else if (!terminal && System.nanoTime() - lastLine > LINE_NANOS) {
      lastLine = System.nanoTime();
      System.err.printf(
          "%s %s: %,d of %,d %s%s%n",
          runName, kind, progress.done(), progress.total(), progress.unit(), values(progress));
    }
  }

  @Override
  public synchronized void stageFinished(
      String runName, String kind, boolean reused, Duration duration) {
    endBar();
    System.err.printf(
        Locale.ROOT,
        "%s %s: %s%n",
        runName,
        kind,
        reused ? "reused" : "done in %.1f s".formatted(duration.toMillis() / 1000.0));
  }

  @Override
  public synchronized void stageReopened(String runName, String kind, String reason) {
    endBar();
    System.err.printf("%s %s: made again: %s%n", runName, kind, reason);
  }

  @Override
  public synchronized void stageLost(String runName, String kind) {
    endBar();
    System.err.printf(
        "%s %s: taken over by another worker while this one was not heard of; it writes nothing more%n",
        runName, kind);
  }

  @Override
  public synchronized void stageFailed(String runName, String kind, String cause, String message) {
    endBar();
    System.err.printf("%s %s: %s: %s%n", runName, kind, cause, message);
  }

  private static String values(StageProgress progress) {
    StringBuilder text = new StringBuilder();
    Double loss = progress.values().get("loss");
    Double speed = progress.values().get("tokens_per_second");
    if (loss != null) {
      text.append(String.format(Locale.ROOT, ", loss %.3f", loss));
    }
    if (speed != null) {
      text.append(String.format(Locale.ROOT, ", %,.0f tokens/s", speed));
    }
    return text.toString();
  }

  private void endBar() {
    ProgressBar shown = bar;
    if (shown != null) {
      shown.close();
      bar = null;
    }
  }

  @Override
  public synchronized void close() {
    endBar();
  }
}
