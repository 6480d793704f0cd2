package dev.pawl.activities.protocol;

import java.time.Duration;

/**
 * Watches stages; implementations are thread-safe, quick and do not throw.
 *
 * <p>A kind is given by its id, such as {@code tokenize}; a cause by the name of its {@link
 * dev.pawl.model.failure.FailureCause}.
 */
public interface ProgressListener {
  /** Watches nothing. */
  ProgressListener NONE = new ProgressListener() {};

  /** An attempt holds the stage; {@code total} is 0 while the amount of work is unknown. */
  default void stageStarted(String runName, String kind, String key, long total) {}

  default void progress(String runName, String kind, StageProgress progress) {}

  /** A done stage is made again, because its artifact is not what was recorded. */
  default void stageReopened(String runName, String kind, String reason) {}

  default void stageFinished(String runName, String kind, boolean reused, Duration duration) {}

  /** Another worker has taken the stage over; the attempt here ended without writing more. */
  default void stageLost(String runName, String kind) {}

  default void stageFailed(String runName, String kind, String cause, String message) {}
}
