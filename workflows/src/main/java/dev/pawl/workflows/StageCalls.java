package dev.pawl.workflows;

import dev.pawl.activities.RunActivities;
import dev.pawl.activities.StageActivities;
import dev.pawl.activities.StageOutcome;
import dev.pawl.activities.StageRequest;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TimeoutFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks for stages where they can be done.
 *
 * <p>Where artifacts lie in the homes of workers, the first stage of a run finds the place: it says
 * in whose home its artifact is, and everything after it waits for workers of that home. What
 * nobody takes up for a while there, although no worker of the place lives any more, is given up:
 * the run begins again at another place, where what is missing is made again.
 */
final class StageCalls {
  /** After it somebody looks whether the place is still served; then twice as long, and so on. */
  static final Duration FIRST_LOOK = Duration.ofSeconds(60);

  private static final Duration LAST_LOOK = Duration.ofMinutes(30);
  private static final Set<String> ON_DEVICE = Set.of("pretrain", "evaluate", "generation");

  private final RunOrder order;
  private final RunActivities runs;
  private final Duration firstLook;
  private @Nullable String place;

  /**
   * Calls for a run that has no place yet.
   *
   * @param firstLook how long a stage waits at a place before somebody looks whether it is served
   */
  StageCalls(RunOrder order, RunActivities runs, Duration firstLook) {
    this.order = order;
    this.runs = runs;
    this.firstLook = firstLook;
  }

  /** Whether a stage must go alone, because it decides where the run's data lies. */
  boolean findsPlace() {
    return order.setting().placed() && place == null;
  }

  /** Gives up the place. */
  void forgetPlace() {
    place = null;
  }

  /**
   * Asks for a stage.
   *
   * @return its outcome; null where the place of the run is gone
   */
  Promise<@Nullable StageOutcome> begin(StageStep step) {
    if (!order.setting().placed()) {
      return call(step, stages(step, null, null), null);
    }
    return Async.function(this::inPlace, step);
  }

  private @Nullable StageOutcome inPlace(StageStep step) {
    String here = place;
    if (here == null) {
      StageOutcome outcome = call(step, stages(step, null, null), null).get();
      place = outcome.place();
      return outcome;
    }
    Duration patience = firstLook;
    while (true) {
      try {
        return call(step, stages(step, here, patience), here).get();
      } catch (ActivityFailure failure) {
        if (!notTakenUp(failure)) {
          throw failure;
        }
      }
      if (!runs.placeServed(here)) {
        Workflow.getLogger(StageCalls.class).warn("no worker of place {} is left", here);
        return null;
      }
      Duration longer = patience.multipliedBy(2);
      patience = longer.compareTo(LAST_LOOK) < 0 ? longer : LAST_LOOK;
    }
  }

  private static boolean notTakenUp(ActivityFailure failure) {
    return failure.getCause() instanceof TimeoutFailure timeout
        && timeout.getTimeoutType() == TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START;
  }

  private StageActivities stages(
      StageStep step, @Nullable String here, @Nullable Duration patience) {
    // In a single process there is one queue of each kind, whatever a stage was planned for.
    String machine = order.setting().cluster() ? step.machine() : null;
    String queue =
        ON_DEVICE.contains(step.kind()) ? Queues.device(machine, here) : Queues.data(here);
    return Activities.stages(queue, patience);
  }

  private Promise<@Nullable StageOutcome> call(
      StageStep step, StageActivities on, @Nullable String here) {
    StageRequest request =
        new StageRequest(
            order.experimentId(), order.run().runId(), step.key(), order.restAfter(), here);
    return switch (step.kind()) {
      case "corpus" -> Async.function(on::corpus, request);
      case "checksum_shards" -> Async.function(on::checksumShards, request);
      case "unshard" -> Async.function(on::unshard, request);
      case "checksum" -> Async.function(on::checksum, request);
      case "tokenize" -> Async.function(on::tokenize, request);
      case "take" -> Async.function(on::take, request);
      case "pretrain" -> Async.function(on::pretrain, request);
      case "evaluate" -> Async.function(on::evaluate, request);
      case "generation" -> Async.function(on::generation, request);
      case "report" -> Async.function(on::report, request);
      default ->
          Workflow.newFailedPromise(
              ApplicationFailure.newNonRetryableFailure(
                  "no stage is of kind %s; the plan is of another version".formatted(step.kind()),
                  "BUG"));
    };
  }
}
