package dev.pawl.activities;

import dev.pawl.db.Database;
import dev.pawl.db.RunStages;
import dev.pawl.db.RunStatus;
import dev.pawl.db.SweepRunRow;
import dev.pawl.db.SweepState;
import dev.pawl.db.SweepStore;
import java.util.List;

/** Reads and writes the record for the scheduler of a sweep. Thread-safe. */
public final class SweepActivitiesImpl implements SweepActivities {
  private final SweepStore sweeps;

  public SweepActivitiesImpl(Database database) {
    this.sweeps = database.sweeps();
  }

  @Override
  public void sweepStarted(String experimentId) {
    sweeps.state(experimentId, SweepState.RUNNING);
  }

  @Override
  public List<SweepRunPlan> runsOf(RunPage page) {
    sweeps.endWished(page.experimentId(), page.ordinals());
    return sweeps.waiting(page.experimentId(), page.ordinals()).stream()
        .map(SweepActivitiesImpl::plan)
        .toList();
  }

  private static SweepRunPlan plan(RunStages run) {
    return new SweepRunPlan(
        run.runId(),
        run.stages().stream()
            .map(
                stage ->
                    new SweepRunPlan.StagePlan(
                        stage.kind(), stage.key(), stage.inputs(), stage.machine().orElse(null)))
            .toList());
  }

  @Override
  public void sweepFinished(SweepFinish finish) {
    String experimentId = finish.experimentId();
    if (finish.why() != null) {
      sweeps.notBegun(experimentId, finish.notBegun(), finish.why());
    }
    sweeps.state(experimentId, state(sweeps.runs(experimentId), finish.cancelled()));
  }

  // A run that failed says more of a sweep than those that were stopped because of it.
  private static SweepState state(List<SweepRunRow> runs, boolean cancelled) {
    if (runs.stream().anyMatch(run -> run.status() == RunStatus.FAILED)) {
      return SweepState.FAILED;
    }
    if (cancelled || runs.stream().anyMatch(run -> run.status() == RunStatus.CANCELLED)) {
      return SweepState.CANCELLED;
    }
    boolean all =
        runs.stream()
            .allMatch(
                run -> run.status() == RunStatus.DONE || run.status() == RunStatus.STOPPED_EARLY);
    return all ? SweepState.DONE : SweepState.STOPPED;
  }
}
