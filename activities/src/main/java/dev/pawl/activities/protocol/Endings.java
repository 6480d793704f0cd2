package dev.pawl.activities.protocol;

import dev.pawl.activities.StageActivities;
import dev.pawl.db.Claim;
import dev.pawl.db.FencedException;
import dev.pawl.db.StageRow;
import dev.pawl.db.StageStore;
import dev.pawl.model.failure.FailureCause;
import io.temporal.client.ActivityCanceledException;
import io.temporal.client.ActivityCompletionException;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records why an attempt ended without a result and words it for the scheduler. */
final class Endings {
  private static final Logger LOG = LoggerFactory.getLogger(Endings.class);
  private static final Duration BUSY_RETRY = Duration.ofSeconds(3);

  /** However often it was tried before; shorter, and a stopping worker grabs its own retry. */
  private static final Duration HANDED_OVER_RETRY = Duration.ofSeconds(3);

  /** Attempts within one activity; waiting for another worker does not count. */
  static final int MAX_INFRASTRUCTURE_ATTEMPTS = 40;

  private final StageStore stages;
  private final AttemptCounter counter;

  Endings(StageStore stages, AttemptCounter counter) {
    this.stages = stages;
    this.counter = counter;
  }

  /** How many attempts of the stage have failed on the infrastructure since it was asked for. */
  @FunctionalInterface
  interface AttemptCounter {
    long failedAttempts();
  }

  /** Another worker holds the stage: look again soon, as often as it takes. */
  static ApplicationFailure busy(StageRow row) {
    return busy(
        "stage %s %s is held by %s"
            .formatted(row.kind(), row.key(), row.ownerId().orElse("another worker")));
  }

  private static ApplicationFailure busy(String message) {
    return ApplicationFailure.newBuilder()
        .setMessage(message)
        .setType(StageActivities.BUSY)
        .setNextRetryDelay(BUSY_RETRY)
        .build();
  }

  /** For trouble before the claim: there is no attempt to close. */
  RuntimeException unclaimed(RuntimeException thrown) {
    if (thrown instanceof TemporalFailure || thrown instanceof ActivityCompletionException) {
      return thrown;
    }
    return failure(Failure.of(thrown), thrown, false);
  }

  /** For trouble while the claim was ours: closes the attempt, unless it is no longer ours. */
  RuntimeException claimed(Claim claim, Throwable thrown, Watcher watcher) {
    // An interrupt has done its work; left standing it would break the writes below.
    boolean interrupted = Thread.interrupted();
    try {
      if (has(thrown, FencedException.class)) {
        watcher.lost();
        return busy("stage %s was taken over: %s".formatted(claim.key(), thrown.getMessage()));
      }
      if (interrupted || stopped(thrown)) {
        watcher.released();
        return handedOver(claim, thrown);
      }
      Failure failure = Failure.of(thrown);
      LOG.error("stage {} failed: {}", claim.key(), failure.message(), thrown);
      watcher.failed(failure);
      stages.fail(claim, failure.cause().name(), failure.message());
      boolean exhausted =
          failure.retryable() && counter.failedAttempts() >= MAX_INFRASTRUCTURE_ATTEMPTS;
      return failure(failure, thrown, exhausted);
    } catch (FencedException lost) {
      watcher.lost();
      return busy("stage %s was taken over: %s".formatted(claim.key(), lost.getMessage()));
    } catch (RuntimeException unrecorded) {
      unrecorded.addSuppressed(thrown);
      return failure(Failure.of(unrecorded), unrecorded, false);
    }
  }

  private RuntimeException handedOver(Claim claim, Throwable thrown) {
    stages.release(claim, String.valueOf(thrown.getMessage()));
    if (thrown.getCause() instanceof OperatorWish operator) {
      return operator.failure();
    }
    if (thrown.getCause() instanceof ActivityCanceledException cancelled) {
      return cancelled;
    }
    return ApplicationFailure.newBuilder()
        .setMessage("the worker stopped before the stage was done")
        .setType(FailureCause.INFRASTRUCTURE.name())
        .setNextRetryDelay(HANDED_OVER_RETRY)
        .setCause(thrown)
        .build();
  }

  private static boolean stopped(Throwable thrown) {
    return has(thrown, StageCancelledException.class)
        || has(thrown, InterruptedException.class)
        || has(thrown, ClosedByInterruptException.class);
  }

  private static boolean has(Throwable thrown, Class<? extends Throwable> type) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (type.isInstance(each)) {
        return true;
      }
    }
    return false;
  }

  private static ApplicationFailure failure(Failure failure, Throwable cause, boolean exhausted) {
    return ApplicationFailure.newBuilder()
        .setMessage(failure.message())
        .setType(failure.cause().name())
        .setNonRetryable(exhausted || !failure.retryable())
        .setCause(cause)
        .build();
  }
}
