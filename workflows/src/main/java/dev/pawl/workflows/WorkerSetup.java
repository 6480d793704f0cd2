package dev.pawl.workflows;

import dev.pawl.activities.RunActivities;
import dev.pawl.activities.StageActivities;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;

/** Makes a worker that serves everything of this package. */
public final class WorkerSetup {
  /** The queue on which workflows and stages wait. */
  public static final String TASK_QUEUE = "pawl";

  /** A wish to cancel is only learned from a heartbeat that really goes out. */
  private static final Duration HEARTBEAT_THROTTLE = Duration.ofSeconds(5);

  private WorkerSetup() {}

  /**
   * Registers workflows and activities; the caller starts the factory.
   *
   * @param stagesAtOnce how many stages the worker does at the same time
   * @param embedded whether the scheduler is the one in this process
   */
  public static Worker register(
      WorkerFactory factory,
      StageActivities stages,
      RunActivities runs,
      int stagesAtOnce,
      boolean embedded) {
    WorkerOptions.Builder options =
        WorkerOptions.newBuilder()
            .setMaxConcurrentActivityExecutionSize(stagesAtOnce)
            .setMaxHeartbeatThrottleInterval(HEARTBEAT_THROTTLE);
    if (embedded) {
      // The embedded scheduler never gives up on a sticky queue whose worker is gone.
      options.setStickyQueueScheduleToStartTimeout(Duration.ZERO);
    }
    Worker worker = factory.newWorker(TASK_QUEUE, options.build());
    worker.registerWorkflowImplementationTypes(ExperimentWorkflowImpl.class, RunWorkflowImpl.class);
    worker.registerActivitiesImplementations(stages, runs);
    return worker;
  }
}
