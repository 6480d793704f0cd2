package dev.pawl.workflows;

import dev.pawl.activities.RunPage;
import dev.pawl.activities.SweepActivities;
import dev.pawl.activities.SweepFinish;
import dev.pawl.activities.SweepRunPlan;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A record of runs that are all to be begun; keeps what was asked. */
final class ScriptedSweep implements SweepActivities {
  final List<Integer> pages = new CopyOnWriteArrayList<>();
  final List<SweepFinish> finishes = new CopyOnWriteArrayList<>();
  final AtomicInteger started = new AtomicInteger();
  private final List<SweepRunPlan> runs;

  ScriptedSweep(List<SweepRunPlan> runs) {
    this.runs = runs;
  }

  @Override
  public void sweepStarted(String experimentId) {
    started.incrementAndGet();
  }

  @Override
  public List<SweepRunPlan> runsOf(RunPage page) {
    pages.add(page.ordinals().size());
    return page.ordinals().stream().map(runs::get).toList();
  }

  @Override
  public void sweepFinished(SweepFinish finish) {
    finishes.add(finish);
  }
}
