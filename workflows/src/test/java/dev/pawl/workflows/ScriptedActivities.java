package dev.pawl.workflows;

import dev.pawl.activities.RunActivities;
import dev.pawl.activities.RunEnd;
import dev.pawl.activities.StageActivities;
import dev.pawl.activities.StageOutcome;
import dev.pawl.activities.StageRequest;
import io.temporal.activity.Activity;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Activities that write down what was asked; a stage whose key starts with "bad" fails. */
final class ScriptedActivities implements StageActivities, RunActivities {
  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<RunEnd> ends = new CopyOnWriteArrayList<>();
  final AtomicInteger mostAtOnce = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();

  @Override
  public void runStarted(String runId) {
    calls.add(runId + " started");
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
  }

  @Override
  public void runFinished(RunEnd end) {
    atOnce.decrementAndGet();
    ends.add(end);
  }

  @Override
  public StageOutcome corpus(StageRequest request) {
    return perform(request);
  }

  @Override
  public StageOutcome checksumShards(StageRequest request) {
    return perform(request);
  }

  @Override
  public StageOutcome unshard(StageRequest request) {
    return perform(request);
  }

  @Override
  public StageOutcome checksum(StageRequest request) {
    return perform(request);
  }

  @Override
  public StageOutcome tokenize(StageRequest request) {
    return perform(request);
  }

  @Override
  public StageOutcome pretrain(StageRequest request) {
    return perform(request);
  }

  @Override
  public StageOutcome evaluate(StageRequest request) {
    return perform(request);
  }

  @Override
  public StageOutcome generation(StageRequest request) {
    return perform(request);
  }

  @Override
  public StageOutcome report(StageRequest request) {
    return perform(request);
  }

  private StageOutcome perform(StageRequest request) {
    String kind = Activity.getExecutionContext().getInfo().getActivityType();
    calls.add(request.runId() + " " + kind + " " + request.stageKey());
    if (request.stageKey().startsWith("bad")) {
      throw ApplicationFailure.newNonRetryableFailure("shard 3 is truncated", "DATA");
    }
    return new StageOutcome(request.stageKey(), false, "digest");
  }
}
