package dev.pawl.workflows;

import dev.pawl.activities.RunActivities;
import dev.pawl.activities.RunEnd;
import dev.pawl.activities.RunFacts;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts runs and keeps how each ended. */
final class ScriptedRuns implements RunActivities {
  final List<RunEnd> ends = new CopyOnWriteArrayList<>();
  final AtomicInteger mostAtOnce = new AtomicInteger();
  final Set<String> gonePlaces = ConcurrentHashMap.newKeySet();
  private final AtomicInteger atOnce = new AtomicInteger();

  @Override
  public RunFacts runStarted(String runId) {
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    return new RunFacts("scripted", runId, "none");
  }

  @Override
  public void runFinished(RunEnd end) {
    atOnce.decrementAndGet();
    ends.add(end);
  }

  @Override
  public boolean placeServed(String place) {
    return !gonePlaces.contains(place);
  }
}
