package dev.pawl.workflows;

import dev.pawl.activities.RunActivities;
import dev.pawl.activities.RunEnd;
import dev.pawl.activities.StageActivities;
import dev.pawl.activities.StageOutcome;
import dev.pawl.activities.StageRequest;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;

/** The stages one after the other: each needs what those before it made. */
public final class RunWorkflowImpl implements RunWorkflow {
  private final StageActivities stages = Activities.stages();
  private final RunActivities runs = Activities.runs();

  @Override
  public RunEnd run(RunOrder order) {
    String runId = order.run().runId();
    try {
      runs.runStarted(runId);
      for (StageStep step : order.run().stages()) {
        perform(step, new StageRequest(order.experimentId(), runId, step.key()));
      }
    } catch (TemporalFailure failure) {
      RunEnd end = RunEnds.of(runId, failure);
      // Detached, or a cancelled workflow could not record that it was cancelled.
      Workflow.newDetachedCancellationScope(() -> runs.runFinished(end)).run();
      if (CancellationScope.current().isCancelRequested()) {
        throw new CanceledFailure(end.message());
      }
      throw ApplicationFailure.newNonRetryableFailureWithCause(end.message(), end.cause(), failure);
    }
    RunEnd end = RunEnd.done(runId);
    runs.runFinished(end);
    return end;
  }

  private StageOutcome perform(StageStep step, StageRequest request) {
    return switch (step.kind()) {
      case "corpus" -> stages.corpus(request);
      case "checksum_shards" -> stages.checksumShards(request);
      case "unshard" -> stages.unshard(request);
      case "checksum" -> stages.checksum(request);
      case "tokenize" -> stages.tokenize(request);
      case "take" -> stages.take(request);
      case "pretrain" -> stages.pretrain(request);
      case "evaluate" -> stages.evaluate(request);
      case "generation" -> stages.generation(request);
      case "report" -> stages.report(request);
      default ->
          throw ApplicationFailure.newNonRetryableFailure(
              "no stage is of kind %s; the plan is of another version".formatted(step.kind()),
              "BUG");
    };
  }
}
