package dev.pawl.workflows;

import dev.pawl.activities.StageActivities;
import dev.pawl.activities.StageOutcome;
import dev.pawl.activities.StageRequest;
import io.temporal.activity.Activity;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stages that write down what was asked; a stage whose key starts with "bad" fails. */
final class ScriptedStages implements StageActivities {
  final List<String> calls = new CopyOnWriteArrayList<>();

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
  public StageOutcome take(StageRequest request) {
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
