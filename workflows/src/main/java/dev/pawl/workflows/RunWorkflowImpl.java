package dev.pawl.workflows;

import dev.pawl.activities.RunActivities;
import dev.pawl.activities.RunEnd;
import dev.pawl.activities.StageRequest;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.util.List;

/** Records the begin and the end of a run around its stages. */
public final class RunWorkflowImpl implements RunWorkflow {
  private final RunActivities runs = Activities.runs();

  @Override
  public RunEnd run(RunOrder order) {
    String runId = order.run().runId();
    try {
      runs.runStarted(runId);
    } catch (TemporalFailure failure) {
      throw ended(RunEnds.of(runId, failure), failure);
    }
    StageGraph graph =
        new StageGraph(
            order.run().stages(),
            key -> new StageRequest(order.experimentId(), runId, key, order.restAfter()));
    List<RuntimeException> failures = graph.perform();
    if (!failures.isEmpty()) {
      throw ended(RunEnds.of(runId, failures), failures.get(0));
    }
    if (order.restAfter() > 0) {
      // Whoever asked for this rung says in the record what came of it.
      return RunEnd.resting(runId);
    }
    RunEnd end = RunEnd.done(runId);
    runs.runFinished(end);
    return end;
  }

  private TemporalFailure ended(RunEnd end, RuntimeException failure) {
    // Detached, or a cancelled workflow could not record that it was cancelled.
    Workflow.newDetachedCancellationScope(() -> runs.runFinished(end)).run();
    return CancellationScope.current().isCancelRequested()
        ? new CanceledFailure(end.message())
        : ApplicationFailure.newNonRetryableFailureWithCause(end.message(), end.cause(), failure);
  }
}
