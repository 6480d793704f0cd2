package dev.pawl.workflows;

import dev.pawl.activities.RunEnd;
import dev.pawl.activities.RunPage;
import dev.pawl.activities.SweepActivities;
import dev.pawl.activities.SweepFinish;
import dev.pawl.activities.SweepRunPlan;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts a child for each run of a page, as many at a time as asked. */
public final class SweepWorkflowImpl implements SweepWorkflow {
  /** Runs of a history: with about a dozen events each it stays far below any server's limit. */
  static final int PAGE = 100;

  private final SweepActivities sweeps = Activities.sweeps();
  private SweepEnd end = SweepEnd.NONE;
  private int inFlight;

  @Override
  public SweepEnd run(SweepRequest request) {
    end = request.end();
    String experimentId = request.experimentId();
    if (end.equals(SweepEnd.NONE)) {
      sweeps.sweepStarted(experimentId);
    }
    RunNumbers waiting = RunNumbers.parse(request.runs());
    RunNumbers rest = waiting.after(PAGE);
    List<SweepRunPlan> page =
        sweeps.runsOf(new RunPage(experimentId, waiting.first(PAGE).numbers()));
    List<Promise<Void>> begun = new ArrayList<>();
    for (SweepRunPlan run : page) {
      if (hasRoom(request) && reasonToStop(request, end) == null) {
        begun.add(begin(request, run));
      }
    }
    // Not cancelled itself: runs that are cancelled save first, and are waited for.
    begun.forEach(Promise::get);
    String why = reasonToStop(request, end);
    if (why == null && !rest.isEmpty()) {
      Workflow.newContinueAsNewStub(SweepWorkflow.class).run(request.rest(rest, end));
    }
    return finished(sweeps, request, why, end);
  }

  /** Records the end of a sweep and of what it has not begun; throws where it was cancelled. */
  static SweepEnd finished(
      SweepActivities sweeps, SweepRequest request, @Nullable String why, SweepEnd end) {
    String experimentId = request.experimentId();
    boolean cancelled = CancellationScope.current().isCancelRequested();
    SweepFinish finish =
        new SweepFinish(experimentId, RunNumbers.parse(request.runs()).numbers(), why, cancelled);
    // Detached, or a cancelled workflow could not record that it was cancelled.
    Workflow.newDetachedCancellationScope(() -> sweeps.sweepFinished(finish)).run();
    if (cancelled) {
      throw new CanceledFailure("sweep %s was cancelled".formatted(experimentId));
    }
    return end;
  }

  private boolean hasRoom(SweepRequest request) {
    try {
      Workflow.await(() -> inFlight < request.maxInFlight());
      return true;
    } catch (CanceledFailure cancelled) {
      return false;
    }
  }

  /** Why nothing more is begun; null while runs may be. */
  static @Nullable String reasonToStop(SweepRequest request, SweepEnd end) {
    if (CancellationScope.current().isCancelRequested()) {
      return "not begun: the sweep was cancelled";
    }
    boolean enough = request.stopAfter() > 0 && end.failed() >= request.stopAfter();
    return enough
        ? "not begun: %d run%s failed, and on_failure lets nothing more begin then; 'pawl retry' takes it up"
            .formatted(end.failed(), end.failed() == 1 ? "" : "s")
        : null;
  }

  private Promise<Void> begin(SweepRequest request, SweepRunPlan run) {
    RunWorkflow child =
        Workflow.newChildWorkflowStub(RunWorkflow.class, child(request, run.runId()));
    inFlight++;
    return Async.function(child::run, order(request, run))
        .handle(
            (done, failure) -> {
              inFlight--;
              RunEnd ended = failure == null ? done : RunEnds.of(run.runId(), failure);
              end = end.and(ended);
              return null;
            });
  }

  static ChildWorkflowOptions child(SweepRequest request, String runId) {
    return ChildWorkflowOptions.newBuilder()
        .setWorkflowId(WorkflowIds.run(runId))
        .setPriority(Activities.priority(request.priority(), request.experimentId()))
        // A run whose sweep is gone saves what it has and gives its claims back.
        .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL)
        .build();
  }

  private static RunOrder order(SweepRequest request, SweepRunPlan run) {
    return new RunOrder(
        request.experimentId(),
        new RunRequest(run.runId(), run.stages().stream().map(StageStep::of).toList()),
        request.setting());
  }
}
