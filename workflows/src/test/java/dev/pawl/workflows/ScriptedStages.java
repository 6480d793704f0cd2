package dev.pawl.workflows;

import dev.pawl.activities.StageActivities;
import dev.pawl.activities.StageOutcome;
import dev.pawl.activities.StageRequest;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCanceledException;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Stages that write down what was asked, and what went on beside a measurement. The key of a stage
 * says what it does: one that starts with "bad" fails, with "nan" of no number, with "meet" waits
 * until all of its kind are there, with "slow" takes a while, with "hold" goes on until it is
 * cancelled, with "flaky" fails the first time, with "stop" is stopped by an operator.
 */
final class ScriptedStages extends UniformStages {
  static final int MEETING = 4;

  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<String> besideMeasurement = new CopyOnWriteArrayList<>();
  final List<String> saved = new CopyOnWriteArrayList<>();
  final List<Long> rests = new CopyOnWriteArrayList<>();
  final CountDownLatch held = new CountDownLatch(2);
  private final Set<String> goingOn = ConcurrentHashMap.newKeySet();
  private final CyclicBarrier meeting = new CyclicBarrier(MEETING);

  @Override
  StageOutcome perform(StageRequest request) {
    String kind = Activity.getExecutionContext().getInfo().getActivityType();
    String call = request.runId() + " " + kind + " " + request.stageKey();
    calls.add(call);
    rests.add(request.restAfter());
    goingOn.add(call);
    if (goingOn.size() > 1 && goingOn.stream().anyMatch(each -> each.contains("Generation"))) {
      besideMeasurement.add(List.copyOf(goingOn).toString());
    }
    try {
      behave(request.stageKey());
    } catch (InterruptedException | BrokenBarrierException | TimeoutException alone) {
      throw ApplicationFailure.newNonRetryableFailure("the others did not come", "BUG");
    } finally {
      goingOn.remove(call);
    }
    return new StageOutcome(request.stageKey(), false, "digest");
  }

  private void behave(String key)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    if (key.startsWith("bad")) {
      throw ApplicationFailure.newNonRetryableFailure("shard 3 is truncated: " + key, "DATA");
    } else if (key.startsWith("nan")) {
      throw ApplicationFailure.newNonRetryableFailure("the loss is NaN: " + key, "NUMERIC");
    } else if (key.startsWith("flaky")
        && Activity.getExecutionContext().getInfo().getAttempt() == 1) {
      throw ApplicationFailure.newFailure("the disk is full: " + key, "INFRASTRUCTURE");
    } else if (key.startsWith("stop")) {
      throw ApplicationFailure.newNonRetryableFailure("stopped: " + key, StageActivities.STOPPED);
    } else if (key.startsWith("meet")) {
      meeting.await(30, TimeUnit.SECONDS);
    } else if (key.startsWith("slow")) {
      Thread.sleep(400);
    } else if (key.startsWith("hold")) {
      held.countDown();
      try {
        while (true) {
          Activity.getExecutionContext().heartbeat(null);
          Thread.sleep(20);
        }
      } catch (ActivityCanceledException asked) {
        saved.add(key);
        throw asked;
      }
    }
  }
}
