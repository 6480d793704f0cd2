package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.db.RunStatus;
import dev.pawl.db.SweepRow;
import dev.pawl.db.SweepRunRow;
import dev.pawl.experiments.sweep.OnFailure;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A sweep in words: how it goes about its runs, where they stand, and what is wrong with which. */
final class SweepView {
  private static final Set<RunStatus> WAITING = Set.of(RunStatus.QUEUED);
  private static final Set<RunStatus> GOING = Set.of(RunStatus.RUNNING, RunStatus.PAUSED);

  /** More are counted; 'pawl runs' has all. */
  private static final int SHOWN = 50;

  private final Database database;
  private final String experimentId;
  private final Liveness liveness;

  SweepView(Database database, String experimentId) {
    this.database = database;
    this.experimentId = experimentId;
    this.liveness = new Liveness(database);
  }

  /** Whether a run of it waits or goes on. */
  boolean goesOn() {
    return database.sweeps().runs(experimentId).stream()
        .anyMatch(run -> WAITING.contains(run.status()) || GOING.contains(run.status()));
  }

  String text() {
    SweepRow sweep = database.sweeps().find(experimentId).orElseThrow();
    List<SweepRunRow> runs = database.sweeps().runs(experimentId);
    Map<RunStatus, Integer> counts = new EnumMap<>(RunStatus.class);
    runs.forEach(run -> counts.merge(run.status(), 1, Integer::sum));
    StringBuilder text = new StringBuilder();
    line(text, "sweep       %s", sweep.name());
    line(text, "experiment  %s", sweep.experimentId());
    line(text, "state       %s", sweep.state());
    line(
        text,
        "settings    max_in_flight %d, priority %d, on_failure %s",
        sweep.maxInFlight(),
        sweep.priority(),
        new OnFailure(sweep.stopAfter()));
    line(text, "runs        %,d: %s", runs.size(), words(counts));
    line(text, "");
    List<SweepRunRow> shown = shown(runs);
    for (SweepRunRow run : shown) {
      line(
          text,
          "%4d  %-13s %s  %s%s",
          run.ordinal() + 1,
          status(run),
          run.id(),
          run.name(),
          run.message().map(message -> ": " + message.lines().findFirst().orElse("")).orElse(""));
    }
    if (shown.size() < runs.size()) {
      line(text, "and %,d more; 'pawl runs' lists them", runs.size() - shown.size());
    }
    return text.toString();
  }

  // Of many those that somebody may have to look at: what goes on, what failed, what was ended.
  private static List<SweepRunRow> shown(List<SweepRunRow> runs) {
    if (runs.size() <= SHOWN) {
      return runs;
    }
    return runs.stream()
        .sorted(Comparator.comparingInt(SweepView::rank))
        .limit(SHOWN)
        .sorted(Comparator.comparingInt(SweepRunRow::ordinal))
        .toList();
  }

  private static int rank(SweepRunRow run) {
    return switch (run.status()) {
      case RUNNING, PAUSED -> 0;
      case FAILED -> 1;
      case STOPPED, CANCELLED -> 2;
      case QUEUED -> 3;
      case DONE, STOPPED_EARLY -> 4;
    };
  }

  private static String words(Map<RunStatus, Integer> counts) {
    StringBuilder words = new StringBuilder();
    counts.forEach(
        (status, count) ->
            words
                .append(words.isEmpty() ? "" : ", ")
                .append(
                    String.format(
                        Locale.ROOT,
                        "%,d %s",
                        count,
                        status.name().toLowerCase(Locale.ROOT).replace('_', ' '))));
    return words.toString();
  }

  private String status(SweepRunRow run) {
    if (GOING.contains(run.status())) {
      for (RunRow row : database.experiments().findRuns(run.id())) {
        if (liveness.interrupted(row).isPresent()) {
          return Liveness.INTERRUPTED;
        }
      }
    }
    return run.status().name();
  }

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append(System.lineSeparator());
  }
}
