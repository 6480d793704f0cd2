package dev.pawl.workflows;

import dev.pawl.activities.EarlyStoppingActivities;
import dev.pawl.activities.RunActivities;
import dev.pawl.activities.StageActivities;
import dev.pawl.activities.SweepActivities;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;

/** Makes the workers that serve everything of this package. */
public final class WorkerSetup {
  /** The queue of workflows and of the rows of runs. */
  public static final String TASK_QUEUE = "pawl";

  /** The queue of stages that read and write files. */
  public static final String DATA_QUEUE = "pawl-data";

  /** The queue of stages that compute with a model; a worker takes one at a time. */
  public static final String DEVICE_QUEUE = "pawl-device";

  /** A wish to cancel is only learned from a heartbeat that really goes out. */
  private static final Duration HEARTBEAT_THROTTLE = Duration.ofSeconds(5);

  private WorkerSetup() {}

  /**
   * Registers workflows and activities; the caller starts the factory.
   *
   * <p>Beside {@code dataStages} the worker does one stage on its device. Which of the two go on
   * together, and that none goes on beside a measurement, is up to {@code stages}.
   *
   * @param dataStages how many stages of data the worker does at the same time, at least 1
   * @param embedded whether the scheduler is the one in this process
   */
  public static void register(
      WorkerFactory factory,
      StageActivities stages,
      RunActivities runs,
      SweepActivities sweeps,
      EarlyStoppingActivities stopping,
      int dataStages,
      boolean embedded) {
    WorkerOptions.Builder options = WorkerOptions.newBuilder();
    if (embedded) {
      // The embedded scheduler never gives up on a sticky queue whose worker is gone.
      options.setStickyQueueScheduleToStartTimeout(Duration.ZERO);
    }
    Worker worker = factory.newWorker(TASK_QUEUE, options.build());
    worker.registerWorkflowImplementationTypes(
        ExperimentWorkflowImpl.class,
        SweepWorkflowImpl.class,
        EarlyStoppingWorkflowImpl.class,
        RunWorkflowImpl.class);
    worker.registerActivitiesImplementations(runs, sweeps, stopping);
    serve(factory, DATA_QUEUE, stages, dataStages);
    serve(factory, DEVICE_QUEUE, stages, 1);
  }

  private static void serve(
      WorkerFactory factory, String queue, StageActivities stages, int atOnce) {
    factory
        .newWorker(
            queue,
            WorkerOptions.newBuilder()
                .setMaxConcurrentActivityExecutionSize(atOnce)
                .setMaxHeartbeatThrottleInterval(HEARTBEAT_THROTTLE)
                .build())
        .registerActivitiesImplementations(stages);
  }
}
