package dev.pawl.activities.protocol;

import java.util.Map;

/**
 * Watches one attempt at a stage from its claim to its end; implementations are thread-safe, quick
 * and throw nothing of their own.
 *
 * <p>This is the port for metrics and traces: the rooms that do the work know neither.
 */
public interface AttemptObserver {
  /** Watches nothing. */
  AttemptObserver NONE = new AttemptObserver() {};

  /**
   * A part of an attempt.
   *
   * @param <T> what it gives
   * @param <X> what it may throw
   */
  @FunctionalInterface
  interface Work<T, X extends Exception> {
    T run() throws X;
  }

  /** Does a part of the attempt, in the caller's thread, whichever of the attempt's it is. */
  default <T, X extends Exception> T during(AttemptPhase phase, Work<T, X> work) throws X {
    return work.run();
  }

  /** Where the stage stands; not each time that it says so. */
  default void progress(StageProgress progress) {}

  /** A training did one step. */
  default void trained(long tokens, double seconds) {}

  /** Time has passed; told at least once a beat. */
  default void spent(TimeUse use, double seconds) {}

  /** A checkpoint is on disk and in the record. */
  default void saved(long bytes) {}

  /** The claim was renewed. */
  default void leaseRenewed() {}

  /** The scheduler or the database could not be told that the attempt lives; it is tried again. */
  default void leaseTrouble() {}

  /**
   * The attempt has ended; nothing is told after it.
   *
   * @param cause name of the {@link dev.pawl.model.failure.FailureCause} of a failure, else empty
   */
  default void ended(AttemptEnd end, String cause) {}

  /** What to add to each line of the attempt's log, such as the id of a trace. */
  default Map<String, String> logFields() {
    return Map.of();
  }
}
