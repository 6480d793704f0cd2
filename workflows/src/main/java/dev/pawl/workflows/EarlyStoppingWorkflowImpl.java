package dev.pawl.workflows;

import dev.pawl.activities.EarlyStoppingActivities;
import dev.pawl.activities.RunEnd;
import dev.pawl.activities.RunOutcome;
import dev.pawl.activities.RunPage;
import dev.pawl.activities.RungJob;
import dev.pawl.activities.RungQuestion;
import dev.pawl.activities.RungReport;
import dev.pawl.activities.SweepActivities;
import dev.pawl.activities.SweepRunPlan;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks for a job whenever there is room for one, and says what came of it. */
public final class EarlyStoppingWorkflowImpl implements EarlyStoppingWorkflow {
  /** Jobs of a history: with about two dozen events each it stays below any server's limit. */
  static final int PAGE = 100;

  /** Id of the kind of stage that rests. */
  private static final String TRAINING = "pretrain";

  /** Cause of a training whose numbers are none: it is the worst of its rung. */
  private static final String NUMERIC = "NUMERIC";

  private final SweepActivities sweeps = Activities.sweeps();
  private final EarlyStoppingActivities stopping = Activities.earlyStopping();

  /** By the number of the decision. */
  private final Map<Integer, Promise<Void>> inFlight = new LinkedHashMap<>();

  /** In the order of arrival, which is what decisions follow from. */
  private final Deque<Arrival> arrivals = new ArrayDeque<>();

  private final List<Integer> missed = new ArrayList<>();
  private SweepEnd end = SweepEnd.NONE;

  private record Arrival(RungJob job, RunEnd end) {}

  @Override
  public SweepEnd lead(EarlyStoppingRequest request) {
    SweepRequest sweep = request.sweep();
    String experimentId = sweep.experimentId();
    end = sweep.end();
    missed.addAll(request.missed());
    if (!request.goesOn()) {
      sweeps.sweepStarted(experimentId);
    }
    boolean decided = lead(sweep);
    String why = SweepWorkflowImpl.reasonToStop(sweep, end);
    if (why == null && !decided) {
      Workflow.newContinueAsNewStub(EarlyStoppingWorkflow.class)
          .lead(
              new EarlyStoppingRequest(
                  sweep.rest(RunNumbers.parse(sweep.runs()), end), missed, true));
    }
    if (why == null) {
      stopping.sweepEnded(experimentId);
    }
    return SweepWorkflowImpl.finished(sweeps, sweep, why, end);
  }

  /** Begins jobs until there are none, or too many for one history; whether there are none. */
  private boolean lead(SweepRequest sweep) {
    int begun = 0;
    while (true) {
      arrivals(sweep.experimentId());
      boolean mayBegin = begun < PAGE && SweepWorkflowImpl.reasonToStop(sweep, end) == null;
      RungJob job = mayBegin && inFlight.size() < sweep.maxInFlight() ? next(sweep) : null;
      if (job != null) {
        begin(sweep, job);
        begun++;
      } else if (!inFlight.isEmpty()) {
        // Not cancelled itself: runs that are cancelled save first, and are waited for.
        Promise.anyOf(List.copyOf(inFlight.values())).get();
      } else {
        return mayBegin;
      }
    }
  }

  private @Nullable RungJob next(SweepRequest sweep) {
    List<Integer> taken = new ArrayList<>(missed);
    taken.addAll(inFlight.keySet());
    try {
      return stopping.nextJob(new RungQuestion(sweep.experimentId(), taken));
    } catch (TemporalFailure failure) {
      if (CancellationScope.current().isCancelRequested()) {
        return null;
      }
      throw failure;
    }
  }

  private void begin(SweepRequest sweep, RungJob job) {
    List<SweepRunPlan> plans;
    try {
      plans = sweeps.runsOf(new RunPage(sweep.experimentId(), List.of(job.trial())));
    } catch (TemporalFailure failure) {
      if (CancellationScope.current().isCancelRequested()) {
        return;
      }
      throw failure;
    }
    if (plans.isEmpty()) {
      // It has failed before, or an operator has ended it: another start may take it up again.
      missed.add(job.decision());
      return;
    }
    RunWorkflow child =
        Workflow.newChildWorkflowStub(
            RunWorkflow.class, SweepWorkflowImpl.child(sweep, job.runId()));
    inFlight.put(
        job.decision(),
        Async.function(child::run, order(sweep, job, plans.get(0)))
            .handle(
                (done, failure) -> {
                  RunEnd ended = failure == null ? done : RunEnds.of(job.runId(), failure);
                  arrivals.add(new Arrival(job, ended));
                  return null;
                }));
  }

  private static RunOrder order(SweepRequest sweep, RungJob job, SweepRunPlan plan) {
    List<StageStep> steps = new ArrayList<>();
    for (SweepRunPlan.StagePlan stage : plan.stages()) {
      steps.add(StageStep.of(stage));
      if (!job.last() && stage.kind().equals(TRAINING)) {
        break;
      }
    }
    return new RunOrder(
        sweep.experimentId(),
        new RunRequest(job.runId(), steps),
        job.last() ? 0 : job.step(),
        sweep.setting());
  }

  /** Says what came of the jobs that ended. */
  private void arrivals(String experimentId) {
    while (!arrivals.isEmpty()) {
      Arrival arrival = arrivals.remove();
      RungJob job = arrival.job();
      RunEnd ended = arrival.end();
      inFlight.remove(job.decision());
      boolean reached = ended.outcome() == RunOutcome.RESTING || ended.outcome() == RunOutcome.DONE;
      if (ended.outcome() != RunOutcome.RESTING) {
        end = end.and(ended);
      }
      if (reached || NUMERIC.equals(ended.cause())) {
        RungReport report = new RungReport(experimentId, job, reached ? null : NUMERIC);
        // Detached: what a run has come to counts, even if nobody goes on from it now.
        Workflow.newDetachedCancellationScope(() -> stopping.rungReached(report)).run();
      } else {
        missed.add(job.decision());
      }
    }
  }
}
