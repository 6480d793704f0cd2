package dev.pawl.workflows;

import dev.pawl.activities.RunActivities;
import dev.pawl.activities.RunEnd;
import dev.pawl.activities.RunFacts;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records the begin and the end of a run around its stages. */
public final class RunWorkflowImpl implements RunWorkflow {
  private final RunActivities runs = Activities.runs();
  private final Duration firstLook;

  /** Made by the worker, for each run. */
  public RunWorkflowImpl() {
    this(StageCalls.FIRST_LOOK);
  }

  RunWorkflowImpl(Duration firstLook) {
    this.firstLook = firstLook;
  }

  @Override
  public RunEnd run(RunOrder order) {
    String runId = order.run().runId();
    boolean searchable = order.setting().searchable();
    try {
      @Nullable RunFacts facts = runs.runStarted(runId);
      if (searchable && facts != null) {
        RunAttributes.tell(facts);
      }
    } catch (TemporalFailure failure) {
      throw ended(RunEnds.of(runId, failure), failure);
    }
    StageGraph graph =
        new StageGraph(order.run().stages(), new StageCalls(order, runs, firstLook), searchable);
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
