package dev.pawl.cli;

import dev.pawl.model.evaluation.EvaluationListener;
import java.time.Duration;
import java.util.Locale;

/** Says on stderr how many documents are answered and how long the rest takes. For one thread. */
final class DocumentProgress implements EvaluationListener {
  private static final long TERMINAL_NANOS = Duration.ofMillis(200).toNanos();
  private static final long LINE_NANOS = Duration.ofSeconds(5).toNanos();

  private final boolean terminal = Boolean.getBoolean("pawl.terminal");
  private String task = "";
  private int first;
  private long start;
  private long last;

  @Override
  public void documents(String name, int done, int total) {
    long now = System.nanoTime();
    if (!name.equals(task)) {
      task = name;
      first = done;
      start = now;
      last = now;
      if (done > 0) {
        System.err.printf(
            Locale.ROOT, "%s goes on: %,d of %,d answers are stored%n", name, done, total);
      }
      return;
    }
    if (now - last < (terminal ? TERMINAL_NANOS : LINE_NANOS) && done < total) {
      return;
    }
    last = now;
    double speed = (done - first) / Math.max(1e-9, (now - start) / 1e9);
    String left =
        done == total
            ? "done"
            : speed > 0 ? "%.0f s left".formatted(Math.ceil((total - done) / speed)) : "begun";
    String line =
        String.format(
            Locale.ROOT, "%s: %,d of %,d documents, %.1f/s, %s", name, done, total, speed, left);
    System.err.print(terminal ? "\r" + line + "\033[K" + (done == total ? "\n" : "") : line + "\n");
  }
}
