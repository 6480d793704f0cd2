package dev.pawl.cli;

import dev.pawl.activities.EarlyStoppingActivities;
import dev.pawl.activities.RunActivities;
import dev.pawl.activities.StageActivities;
import dev.pawl.activities.SweepActivities;
import dev.pawl.cli.observe.Observability;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.workflows.EarlyStoppingRequest;
import dev.pawl.workflows.EarlyStoppingWorkflow;
import dev.pawl.workflows.ExperimentEnd;
import dev.pawl.workflows.ExperimentRequest;
import dev.pawl.workflows.ExperimentWorkflow;
import dev.pawl.workflows.Offer;
import dev.pawl.workflows.RunAttributes;
import dev.pawl.workflows.Setting;
import dev.pawl.workflows.SweepEnd;
import dev.pawl.workflows.SweepRequest;
import dev.pawl.workflows.SweepWorkflow;
import dev.pawl.workflows.WorkerSetup;
import dev.pawl.workflows.WorkflowIds;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.Priority;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks Temporal for experiments and, where asked, serves their stages in this process. Losing the
 * scheduler's memory loses nothing, because the record is in PostgreSQL.
 */
final class Scheduler implements AutoCloseable {
  /** A stage that is told to stop first ends its step and saves. */
  private static final long SAVE_SECONDS = 120;

  private static final long ANSWER_SECONDS = 30;

  private final TemporalConnection connection;
  private final WorkerFactory workers;
  private @Nullable Setting setting;

  Scheduler(Observability observability) throws IOException {
    connection = TemporalConnection.open(observability);
    workers = WorkerFactory.newInstance(connection.client(), observability.workers());
  }

  /** Whether the server lives and ends with this process. */
  boolean embedded() {
    return connection.embedded();
  }

  /** Whether the server is the one for tests, here or behind an address: it says no version. */
  boolean forgetful() {
    try {
      return embedded()
          || connection
              .client()
              .getWorkflowServiceStubs()
              .blockingStub()
              .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
              .withWaitForReady()
              .getSystemInfo(GetSystemInfoRequest.getDefaultInstance())
              .getServerVersion()
              .isEmpty();
    } catch (StatusRuntimeException away) {
      throw new PawlException(
          FailureCause.INFRASTRUCTURE,
          "the Temporal server does not answer (%s): see that it runs, then start this again"
              .formatted(away.getStatus().getCode()),
          away);
    }
  }

  /** The namespace in which experiments are asked for. */
  String namespace() {
    return connection.client().getOptions().getNamespace();
  }

  /**
   * Serves in this process.
   *
   * @return the workers of the device's queues
   */
  List<Worker> serve(
      Offer offer,
      StageActivities stages,
      RunActivities runs,
      SweepActivities sweeps,
      EarlyStoppingActivities stopping) {
    List<Worker> device = WorkerSetup.register(workers, offer, stages, runs, sweeps, stopping);
    workers.start();
    return device;
  }

  /** What workflows that are asked for here may count on. */
  Setting setting() {
    Setting known = setting;
    if (known == null) {
      known =
          embedded()
              ? Setting.SINGLE_PROCESS
              : new Setting(true, !Place.shared(), NamespaceAttributes.ready(connection.client()));
      setting = known;
    }
    return known;
  }

  /** Runs an experiment, or waits for the one that is under way, and returns its end. */
  ExperimentEnd run(String name, ExperimentRequest request) {
    return experiment(name, request.experimentId()).run(request.in(setting()));
  }

  /** The same without waiting. */
  WorkflowExecution start(String name, ExperimentRequest request) {
    return WorkflowClient.start(
        experiment(name, request.experimentId())::run, request.in(setting()));
  }

  /** Runs a sweep, or waits for the one that is under way, and returns its end. */
  SweepEnd run(String name, SweepRequest request, boolean stopsEarly) {
    SweepRequest here = request.in(setting());
    return stopsEarly
        ? stub(EarlyStoppingWorkflow.class, name, here).lead(EarlyStoppingRequest.of(here))
        : stub(SweepWorkflow.class, name, here).run(here);
  }

  /** The same without waiting. */
  WorkflowExecution start(String name, SweepRequest request, boolean stopsEarly) {
    SweepRequest here = request.in(setting());
    return stopsEarly
        ? WorkflowClient.start(
            stub(EarlyStoppingWorkflow.class, name, here)::lead, EarlyStoppingRequest.of(here))
        : WorkflowClient.start(stub(SweepWorkflow.class, name, here)::run, here);
  }

  private ExperimentWorkflow experiment(String name, String id) {
    return stub(ExperimentWorkflow.class, name, id, Priority.newBuilder());
  }

  private <T> T stub(Class<T> type, String name, SweepRequest request) {
    return stub(
        type,
        name,
        request.experimentId(),
        Priority.newBuilder().setPriorityKey(request.priority()));
  }

  private <T> T stub(Class<T> type, String name, String id, Priority.Builder priority) {
    return connection
        .client()
        .newWorkflowStub(
            type, options(name, id).setPriority(priority.setFairnessKey(id).build()).build());
  }

  private WorkflowOptions.Builder options(String name, String experimentId) {
    WorkflowOptions.Builder options =
        WorkflowOptions.newBuilder()
            .setTaskQueue(WorkerSetup.TASK_QUEUE)
            .setWorkflowId(WorkflowIds.experiment(experimentId))
            .setWorkflowIdConflictPolicy(
                WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING);
    return setting().searchable()
        ? options.setTypedSearchAttributes(RunAttributes.of(name))
        : options;
  }

  @Override
  public void close() {
    workers.shutdownNow();
    workers.awaitTermination(SAVE_SECONDS, TimeUnit.SECONDS);
    connection.close();
  }
}
