package dev.pawl.activities.protocol;

import java.time.Duration;

/**
 * Watches stages; implementations are thread-safe, quick and do not throw.
 *
 * <p>A stage is given by its label, such as {@code tokenize} or {@code checksum_shards 3/8}; a
 * cause by the name of its {@link dev.pawl.model.failure.FailureCause}.
 */
public interface ProgressListener {
  /** Watches nothing. */
  ProgressListener NONE = new ProgressListener() {};

  /** An attempt holds the stage; {@code total} is 0 while the amount of work is unknown. */
  default void stageStarted(String runName, String stage, String key, long total) {}

  default void progress(String runName, String stage, StageProgress progress) {}

  /** A done stage is made again, because its artifact is not what was recorded. */
  default void stageReopened(String runName, String stage, String reason) {}

  default void stageFinished(String runName, String stage, boolean reused, Duration duration) {}

  /** Another worker has taken the stage over; the attempt here ended without writing more. */
  default void stageLost(String runName, String stage) {}

  default void stageFailed(String runName, String stage, String cause, String message) {}

  /** An attempt came as far as it was asked to, and gave the stage back. */
  default void stageRests(String runName, String stage, String where) {}

  /** An attempt gave the stage back, without a failure; another one may follow. */
  default void stageReleased(String runName, String stage) {}

  /**
   * An attempt holds the stage; called in its thread, before it is said to have started.
   *
   * @param waited from when the stage was due to the claim
   * @param claiming how long the claim itself took
   * @return who watches the attempt from inside
   */
  default AttemptObserver attempt(Attempt attempt, Duration waited, Duration claiming) {
    return AttemptObserver.NONE;
  }
}
