package dev.pawl.workflows;

import dev.pawl.activities.EarlyStoppingActivities;
import dev.pawl.activities.RunActivities;
import dev.pawl.activities.StageActivities;
import dev.pawl.activities.SweepActivities;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
   * Registers workflows and activities of a scheduler in this process, or of one that forgets like
   * it; the caller starts the factory.
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
    Offer all = Offer.ofSingleProcess(dataStages);
    Offer offer = new Offer(all.kinds(), dataStages, null, null, embedded);
    register(factory, offer, stages, runs, sweeps, stopping);
  }

  /**
   * Registers what a worker takes on; the caller starts the factory. A device has one slot on each
   * of its queues: that only one of them is used at a time is up to {@code stages}.
   *
   * @return the workers of the device's queues
   */
  public static List<Worker> register(
      WorkerFactory factory,
      Offer offer,
      StageActivities stages,
      RunActivities runs,
      SweepActivities sweeps,
      EarlyStoppingActivities stopping) {
    if (offer.kinds().contains(Work.WORKFLOWS)) {
      WorkerOptions.Builder options = WorkerOptions.newBuilder();
      if (offer.forgetful()) {
        // It never gives up on a sticky queue whose worker is gone.
        options.setStickyQueueScheduleToStartTimeout(Duration.ZERO);
      }
      Worker worker = factory.newWorker(TASK_QUEUE, options.build());
      worker.registerWorkflowImplementationTypes(
          ExperimentWorkflowImpl.class,
          SweepWorkflowImpl.class,
          EarlyStoppingWorkflowImpl.class,
          RunWorkflowImpl.class);
      worker.registerActivitiesImplementations(runs, sweeps, stopping);
    }
    if (offer.kinds().contains(Work.DATA)) {
      for (String queue : Queues.data(offer)) {
        serve(factory, queue, stages, offer.dataStages());
      }
    }
    List<Worker> device = new ArrayList<>();
    if (offer.kinds().contains(Work.DEVICE)) {
      for (String queue : Queues.device(offer)) {
        device.add(serve(factory, queue, stages, 1));
      }
    }
    return device;
  }

  private static Worker serve(
      WorkerFactory factory, String queue, StageActivities stages, int atOnce) {
    Worker worker =
        factory.newWorker(
            queue,
            WorkerOptions.newBuilder()
                .setMaxConcurrentActivityExecutionSize(atOnce)
                .setMaxHeartbeatThrottleInterval(HEARTBEAT_THROTTLE)
                .build());
    worker.registerActivitiesImplementations(stages);
    return worker;
  }
}
