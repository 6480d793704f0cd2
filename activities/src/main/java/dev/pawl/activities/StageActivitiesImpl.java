package dev.pawl.activities;

import dev.pawl.activities.protocol.Heartbeat;
import dev.pawl.activities.protocol.StageProtocol;
import dev.pawl.experiments.plan.StageKind;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/** Leads every stage through the {@link StageProtocol}. Thread-safe. */
public final class StageActivitiesImpl implements StageActivities {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(3);
  private static final Set<StageKind> ON_DEVICE =
      Set.of(StageKind.PRETRAIN, StageKind.EVALUATE, StageKind.GENERATION);

  private final StageProtocol protocol;
  private final Optional<Placement> placement;
  private final Semaphore device = new Semaphore(1);

  /** Stages of workers that all reach the same artifacts. */
  public StageActivitiesImpl(StageProtocol protocol) {
    this(protocol, Optional.empty());
  }

  /**
   * Stages of a worker.
   *
   * @param placement where its artifacts lie, if other workers do not reach them
   */
  public StageActivitiesImpl(StageProtocol protocol, Optional<Placement> placement) {
    this.protocol = Objects.requireNonNull(protocol, "protocol");
    this.placement = Objects.requireNonNull(placement, "placement");
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
    Optional<String> elsewhere = placement.flatMap(known -> known.elsewhere(request));
    if (elsewhere.isPresent()) {
      return new StageOutcome(request.stageKey(), true, null, elsewhere.get());
    }
    StageOutcome outcome = ON_DEVICE.contains(kind) ? alone(kind, request) : lead(kind, request);
    return placement.map(known -> outcome.at(known.place())).orElse(outcome);
  }

  // A worker looks on several queues for its one device; another worker may be free for what comes
  // from the second of them.
  private StageOutcome alone(StageKind kind, StageRequest request) {
    if (!device.tryAcquire()) {
      throw ApplicationFailure.newBuilder()
          .setMessage("the device of this worker is at another stage")
          .setType(BUSY)
          .setNextRetryDelay(LOOK_AGAIN)
          .build();
    }
    try {
      return lead(kind, request);
    } finally {
      device.release();
    }
  }

  private StageOutcome lead(StageKind kind, StageRequest request) {
    ActivityExecutionContext context = Activity.getExecutionContext();
    Heartbeat heartbeat = () -> context.heartbeat(null);
    Instant scheduled = Instant.ofEpochMilli(context.getInfo().getScheduledTimestamp());
    Instant due = Instant.ofEpochMilli(context.getInfo().getCurrentAttemptScheduledTimestamp());
    return protocol.run(kind, request, heartbeat, scheduled, due);
  }
}
