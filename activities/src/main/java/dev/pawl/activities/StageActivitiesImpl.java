package dev.pawl.activities;

import dev.pawl.activities.protocol.Heartbeat;
import dev.pawl.activities.protocol.StageProtocol;
import dev.pawl.experiments.plan.StageKind;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import java.time.Instant;
import java.util.Objects;

/** Leads every stage through the {@link StageProtocol}. Thread-safe. */
public final class StageActivitiesImpl implements StageActivities {
  private final StageProtocol protocol;

  public StageActivitiesImpl(StageProtocol protocol) {
    this.protocol = Objects.requireNonNull(protocol, "protocol");
  }

  @Override
  public StageOutcome corpus(StageRequest request) {
    return run(StageKind.CORPUS, request);
  }

  @Override
  public StageOutcome checksumShards(StageRequest request) {
    return run(StageKind.CHECKSUM_SHARDS, request);
  }

  @Override
  public StageOutcome unshard(StageRequest request) {
    return run(StageKind.UNSHARD, request);
  }

  @Override
  public StageOutcome checksum(StageRequest request) {
    return run(StageKind.CHECKSUM, request);
  }

  @Override
  public StageOutcome tokenize(StageRequest request) {
    return run(StageKind.TOKENIZE, request);
  }

  @Override
  public StageOutcome take(StageRequest request) {
    return run(StageKind.TAKE, request);
  }

  @Override
  public StageOutcome pretrain(StageRequest request) {
    return run(StageKind.PRETRAIN, request);
  }

  @Override
  public StageOutcome evaluate(StageRequest request) {
    return run(StageKind.EVALUATE, request);
  }

  @Override
  public StageOutcome generation(StageRequest request) {
    return run(StageKind.GENERATION, request);
  }

  @Override
  public StageOutcome report(StageRequest request) {
    return run(StageKind.REPORT, request);
  }

  private StageOutcome run(StageKind kind, StageRequest request) {
    ActivityExecutionContext context = Activity.getExecutionContext();
    Heartbeat heartbeat = () -> context.heartbeat(null);
    Instant scheduled = Instant.ofEpochMilli(context.getInfo().getScheduledTimestamp());
    Instant due = Instant.ofEpochMilli(context.getInfo().getCurrentAttemptScheduledTimestamp());
    return protocol.run(kind, request, heartbeat, scheduled, due);
  }
}
