package dev.pawl.workflows;

import dev.pawl.activities.EarlyStoppingActivities;
import dev.pawl.activities.RungJob;
import dev.pawl.activities.RungQuestion;
import dev.pawl.activities.RungReport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Hands out given jobs in order, each with the number of results that it waits for. */
final class ScriptedStopping implements EarlyStoppingActivities {
  /** A job that is known once so many runs have come to their rungs. */
  record Waiting(int results, RungJob job) {}

  final List<RungReport> reports = new ArrayList<>();
  final List<List<Integer>> taken = new ArrayList<>();
  final List<String> ended = new ArrayList<>();
  private final Queue<Waiting> jobs = new ArrayDeque<>();

  /** Decides nothing. */
  ScriptedStopping() {}

  ScriptedStopping(Collection<Waiting> jobs) {
    this.jobs.addAll(jobs);
  }

  @Override
  public synchronized @Nullable RungJob nextJob(RungQuestion question) {
    taken.add(question.taken());
    Waiting next = jobs.peek();
    if (next == null || next.results() > reports.size()) {
      return null;
    }
    return jobs.remove().job();
  }

  @Override
  public synchronized void rungReached(RungReport report) {
    reports.add(report);
  }

  @Override
  public synchronized void sweepEnded(String experimentId) {
    ended.add(experimentId);
  }
}
