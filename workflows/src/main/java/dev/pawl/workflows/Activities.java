package dev.pawl.workflows;

import dev.pawl.activities.EarlyStoppingActivities;
import dev.pawl.activities.RunActivities;
import dev.pawl.activities.StageActivities;
import dev.pawl.activities.SweepActivities;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.Priority;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Activity stubs with the patience that each kind of work deserves. */
final class Activities {
  private Activities() {}

  /**
   * A stage may take weeks, so only the missing heartbeat tells that its worker is gone. Retries
   * are not counted here: waiting for another worker's stage is a retry too. The activity itself
   * ends a series of infrastructure failures.
   *
   * @param queue where the stages wait for a worker
   * @param patience how long they wait at most; null is for ever
   */
  static StageActivities stages(String queue, @Nullable Duration patience) {
    ActivityOptions.Builder options =
        ActivityOptions.newBuilder()
            .setTaskQueue(queue)
            .setStartToCloseTimeout(Duration.ofDays(30))
            .setHeartbeatTimeout(Duration.ofSeconds(45))
            // The stage saves and gives its claim back before the workflow goes on.
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .setRetryOptions(
                RetryOptions.newBuilder()
                    // Shorter, and a stopping worker grabs its own retry.
                    .setInitialInterval(Duration.ofSeconds(5))
                    .setBackoffCoefficient(2.0)
                    // With the heartbeat's timeout, how long a killed worker's stage waits at most.
                    .setMaximumInterval(Duration.ofSeconds(30))
                    .build());
    if (patience != null) {
      options.setScheduleToStartTimeout(patience);
    }
    return Workflow.newActivityStub(StageActivities.class, options.build());
  }

  /** One row each; tried until the database answers. */
  static RunActivities runs() {
    return Workflow.newActivityStub(RunActivities.class, untilTheDatabaseAnswers());
  }

  /** A few rows each; tried until the database answers. */
  static SweepActivities sweeps() {
    return Workflow.newActivityStub(SweepActivities.class, untilTheDatabaseAnswers());
  }

  /** A decision, or a few rows; tried until the database answers. */
  static EarlyStoppingActivities earlyStopping() {
    return Workflow.newActivityStub(EarlyStoppingActivities.class, untilTheDatabaseAnswers());
  }

  private static ActivityOptions untilTheDatabaseAnswers() {
    return ActivityOptions.newBuilder()
        .setStartToCloseTimeout(Duration.ofMinutes(1))
        .setRetryOptions(
            RetryOptions.newBuilder()
                .setInitialInterval(Duration.ofSeconds(1))
                .setMaximumInterval(Duration.ofSeconds(30))
                .build())
        .build();
  }

  /**
   * A child and its stages wait in the queues by it; a scheduler that knows none ignores it.
   *
   * @param key from 1 (first) to 5
   * @param experimentId within a priority, experiments take turns
   */
  static Priority priority(int key, String experimentId) {
    return Priority.newBuilder().setPriorityKey(key).setFairnessKey(experimentId).build();
  }
}
