package dev.pawl.cli;

import dev.pawl.activities.EarlyStoppingActivities;
import dev.pawl.activities.RunActivities;
import dev.pawl.activities.StageActivities;
import dev.pawl.activities.SweepActivities;
import dev.pawl.cli.observe.Observability;
import dev.pawl.workflows.EarlyStoppingRequest;
import dev.pawl.workflows.EarlyStoppingWorkflow;
import dev.pawl.workflows.ExperimentEnd;
import dev.pawl.workflows.ExperimentRequest;
import dev.pawl.workflows.ExperimentWorkflow;
import dev.pawl.workflows.SweepEnd;
import dev.pawl.workflows.SweepRequest;
import dev.pawl.workflows.SweepWorkflow;
import dev.pawl.workflows.WorkerSetup;
import dev.pawl.workflows.WorkflowIds;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.Priority;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Asks Temporal for experiments and serves their stages in this process. Losing the scheduler's
 * memory loses nothing, because the record is in PostgreSQL.
 */
final class Scheduler implements AutoCloseable {
  /** A stage that is told to stop first ends its step and saves. */
  private static final long SAVE_SECONDS = 120;

  private final TemporalConnection connection;
  private final WorkerFactory workers;

  Scheduler(Observability observability) throws IOException {
    connection = TemporalConnection.open(observability);
    workers = WorkerFactory.newInstance(connection.client(), observability.workers());
  }

  /** Whether the server lives and ends with this process. */
  boolean embedded() {
    return connection.embedded();
  }

  /** Serves stages in this process: those of data a core each, one more on the device. */
  void serve(
      StageActivities stages,
      RunActivities runs,
      SweepActivities sweeps,
      EarlyStoppingActivities stopping) {
    int cores = Runtime.getRuntime().availableProcessors();
    WorkerSetup.register(workers, stages, runs, sweeps, stopping, cores, embedded());
    workers.start();
  }

  /** Runs an experiment, or waits for the one that is under way, and returns its end. */
  ExperimentEnd run(ExperimentRequest request) {
    return connection
        .client()
        .newWorkflowStub(ExperimentWorkflow.class, options(request.experimentId()).build())
        .run(request);
  }

  /** Runs a sweep, or waits for the one that is under way, and returns its end. */
  SweepEnd run(SweepRequest request) {
    return connection.client().newWorkflowStub(SweepWorkflow.class, options(request)).run(request);
  }

  /** The same for a sweep that ends some of its runs early. */
  SweepEnd runStoppingEarly(SweepRequest request) {
    return connection
        .client()
        .newWorkflowStub(EarlyStoppingWorkflow.class, options(request))
        .lead(EarlyStoppingRequest.of(request));
  }

  private static WorkflowOptions options(SweepRequest request) {
    return options(request.experimentId())
        .setPriority(Priority.newBuilder().setPriorityKey(request.priority()).build())
        .build();
  }

  private static WorkflowOptions.Builder options(String experimentId) {
    return WorkflowOptions.newBuilder()
        .setTaskQueue(WorkerSetup.TASK_QUEUE)
        .setWorkflowId(WorkflowIds.experiment(experimentId))
        .setWorkflowIdConflictPolicy(
            WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING);
  }

  @Override
  public void close() {
    workers.shutdownNow();
    workers.awaitTermination(SAVE_SECONDS, TimeUnit.SECONDS);
    connection.close();
  }
}
