package dev.pawl.workflows;

import dev.pawl.activities.RunActivities;
import dev.pawl.activities.RunEnd;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;

/** Starts a child for each run, as many at a time as asked. */
public final class ExperimentWorkflowImpl implements ExperimentWorkflow {
  private final RunActivities runs = Activities.runs();
  private int inFlight;

  @Override
  public ExperimentEnd run(ExperimentRequest request) {
    List<Promise<RunEnd>> ends = new ArrayList<>();
    for (RunRequest run : request.runs()) {
      ends.add(inTurn(request, run));
    }
    ExperimentEnd end =
        new ExperimentEnd(request.experimentId(), ends.stream().map(Promise::get).toList());
    if (CancellationScope.current().isCancelRequested()) {
      throw new CanceledFailure("experiment %s was cancelled".formatted(request.experimentId()));
    }
    return end;
  }

  private Promise<RunEnd> inTurn(ExperimentRequest request, RunRequest run) {
    try {
      Workflow.await(() -> inFlight < request.maxInFlight());
    } catch (CanceledFailure cancelled) {
      RunEnd end = RunEnds.of(run.runId(), cancelled);
      Workflow.newDetachedCancellationScope(() -> runs.runFinished(end)).run();
      return Workflow.newPromise(end);
    }
    inFlight++;
    return start(request, run);
  }

  private Promise<RunEnd> start(ExperimentRequest request, RunRequest run) {
    RunWorkflow child =
        Workflow.newChildWorkflowStub(
            RunWorkflow.class,
            ChildWorkflowOptions.newBuilder()
                .setWorkflowId(WorkflowIds.run(run.runId()))
                // A run whose experiment is gone saves what it has and gives its claims back.
                .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL)
                .build());
    return Async.function(child::run, new RunOrder(request.experimentId(), run, request.setting()))
        .handle(
            (end, failure) -> {
              inFlight--;
              return failure == null ? end : RunEnds.of(run.runId(), failure);
            });
  }
}
