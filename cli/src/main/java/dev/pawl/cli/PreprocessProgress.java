package dev.pawl.cli;

import dev.pawl.model.dataset.preprocess.BadRecord;
import dev.pawl.model.dataset.preprocess.PreprocessListener;
import java.time.Duration;
import java.util.Locale;

/** Says on stderr how preprocessing goes. Used by one thread. */
final class PreprocessProgress implements PreprocessListener {
  private static final int BAD_RECORDS_SHOWN = 20;
  private static final double MEBIBYTE = 1 << 20;

  private final long documentsBetweenLines;
  private final long started = System.nanoTime();
  private Progress first = new Progress(0, 0, 0, 0);
  private long nextLine;
  private int skipped;

  PreprocessProgress(long documentsBetweenLines) {
    this.documentsBetweenLines = documentsBetweenLines;
    this.nextLine = documentsBetweenLines;
  }

  @Override
  public void resumed(Progress progress) {
    first = progress;
    nextLine = progress.documents() + documentsBetweenLines;
    System.err.printf(
        Locale.ROOT, "going on behind %,d documents of an earlier run%n", progress.documents());
  }

  @Override
  public void advanced(Progress now) {
    if (now.documents() < nextLine) {
      return;
    }
    nextLine =
        now.documents() / documentsBetweenLines * documentsBetweenLines + documentsBetweenLines;
    double seconds = Math.max(1e-9, (System.nanoTime() - started) / 1e9);
    double inputPerSecond = (now.inputBytes() - first.inputBytes()) / seconds;
    long left =
        inputPerSecond <= 0
            ? 0
            : Math.round((now.totalInputBytes() - now.inputBytes()) / inputPerSecond);
    System.err.printf(
        Locale.ROOT,
        "Processed %,d documents (%.1f docs/s, %.2f MB/s), %.0f %%, %s left%n",
        now.documents(),
        (now.documents() - first.documents()) / seconds,
        (now.bytes() - first.bytes()) / seconds / MEBIBYTE,
        100.0 * now.inputBytes() / Math.max(1, now.totalInputBytes()),
        clock(Duration.ofSeconds(left)));
  }

  private static String clock(Duration time) {
    return "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart());
  }

  @Override
  public void skipped(BadRecord record) {
    skipped++;
    if (skipped <= BAD_RECORDS_SHOWN) {
      System.err.println("skipped " + record);
    } else if (skipped == BAD_RECORDS_SHOWN + 1) {
      System.err.println("more bad records are skipped; their number is told at the end");
    }
  }
}
