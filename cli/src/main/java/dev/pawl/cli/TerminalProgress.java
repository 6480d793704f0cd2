package dev.pawl.cli;

import dev.pawl.activities.protocol.ProgressListener;
import dev.pawl.activities.protocol.StageProgress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Says on stderr how stages go: a bar on a terminal, for all that go on at the moment, and a line
 * now and then for each of them elsewhere. Thread-safe.
 */
final class TerminalProgress implements ProgressListener, AutoCloseable {
  private static final long LINE_NANOS = Duration.ofSeconds(5).toNanos();

  // The launcher knows whether stderr is a terminal; Java 17 cannot tell.
  private final boolean terminal = Boolean.getBoolean("pawl.terminal");
  private final Map<String, Going> going = new LinkedHashMap<>();
  private @Nullable ProgressBar bar;

  /** A stage that goes on; for whoever holds the lock of the outer object. */
  private static final class Going {
    private StageProgress progress = StageProgress.of("", 0, 0);
    private long lastLine = System.nanoTime();
  }

  @Override
  public synchronized void stageStarted(String runName, String stage, String key, long total) {
    String name = name(runName, stage);
    going.put(name, new Going());
    if (!terminal) {
      System.err.printf("%s: started%n", name);
    } else if (bar == null) {
      bar = newBar(name, total);
    }
  }

  @Override
  public synchronized void progress(String runName, String stage, StageProgress progress) {
    String name = name(runName, stage);
    Going one = going.computeIfAbsent(name, first -> new Going());
    one.progress = progress;
    if (terminal) {
      draw(name, progress);
    } else if (System.nanoTime() - one.lastLine > LINE_NANOS) {
      one.lastLine = System.nanoTime();
      System.err.printf(
          "%s: %,d of %,d %s%s%n",
          name, progress.done(), progress.total(), progress.unit(), values(progress));
    }
  }

  // Stages of one unit are parts of one work and add up; of others the newest is shown.
  private void draw(String name, StageProgress newest) {
    List<StageProgress> alike =
        going.values().stream()
            .map(one -> one.progress)
            .filter(other -> other.unit().equals(newest.unit()))
            .toList();
    ProgressBar shown = bar;
    if (shown == null) {
      shown = newBar(name, newest.total());
      bar = shown;
    }
    shown.maxHint(alike.stream().mapToLong(StageProgress::total).sum());
    shown.stepTo(alike.stream().mapToLong(StageProgress::done).sum());
    int others = going.size() - 1;
    shown.setExtraMessage(values(newest) + (others == 0 ? "" : " and %d more".formatted(others)));
  }

  @Override
  public synchronized void stageFinished(
      String runName, String stage, boolean reused, Duration duration) {
    String end =
        reused
            ? "reused"
            : String.format(Locale.ROOT, "done in %.1f s", duration.toMillis() / 1000.0);
    ended(runName, stage, end);
  }

  @Override
  public synchronized void stageReopened(String runName, String stage, String reason) {
    endBar();
    System.err.printf("%s: made again: %s%n", name(runName, stage), reason);
  }

  @Override
  public synchronized void stageLost(String runName, String stage) {
    ended(
        runName,
        stage,
        "taken over by another worker while this one was not heard of; it writes nothing more");
  }

  @Override
  public synchronized void stageFailed(String runName, String stage, String cause, String message) {
    ended(runName, stage, cause + ": " + message);
  }

  @Override
  public synchronized void stageRests(String runName, String stage, String where) {
    ended(runName, stage, where);
  }

  @Override
  public synchronized void stageReleased(String runName, String stage) {
    going.remove(name(runName, stage));
    endBar();
  }

  private void ended(String runName, String stage, String end) {
    String name = name(runName, stage);
    going.remove(name);
    endBar();
    System.err.printf("%s: %s%n", name, end);
  }

  private static String name(String runName, String stage) {
    return runName + " " + stage;
  }

  private static ProgressBar newBar(String name, long total) {
    return new ProgressBarBuilder()
        .setTaskName(name)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(200)
        .setInitialMax(Math.max(1, total))
        .build();
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
