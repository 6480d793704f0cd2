package dev.pawl.workflows;

import dev.pawl.activities.StageActivities;
import dev.pawl.activities.StageOutcome;
import dev.pawl.activities.StageRequest;

/** Stages of which every kind does the same. */
abstract class UniformStages implements StageActivities {
  abstract StageOutcome perform(StageRequest request);

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
}
