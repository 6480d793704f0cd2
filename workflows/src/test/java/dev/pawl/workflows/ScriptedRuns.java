package dev.pawl.workflows;

import dev.pawl.activities.RunActivities;
import dev.pawl.activities.RunEnd;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts runs and keeps how each ended. */
final class ScriptedRuns implements RunActivities {
  final List<RunEnd> ends = new CopyOnWriteArrayList<>();
  final AtomicInteger mostAtOnce = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();

  @Override
  public void runStarted(String runId) {
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
  }

  @Override
  public void runFinished(RunEnd end) {
    atOnce.decrementAndGet();
    ends.add(end);
  }
}
