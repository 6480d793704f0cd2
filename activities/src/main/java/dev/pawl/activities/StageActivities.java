package dev.pawl.activities;

import io.temporal.activity.ActivityInterface;

/**
 * One activity per kind of stage.
 *
 * <p>Every method is idempotent by the stage's key: a second call reuses the artifact of the first
 * when it verifies, and makes it again when it does not. Failures are application failures whose
 * type is the name of a {@link dev.pawl.model.failure.FailureCause}, or {@link #BUSY} while another
 * worker holds the stage.
 */
@ActivityInterface
public interface StageActivities {
  /** Type of the retryable failure that says another worker is doing this stage right now. */
  String BUSY = "BUSY";

  /** Type of the retryable failure that says an operator wants the run to wait. */
  String PAUSED = "PAUSED";

  /** Type of the failure that says an operator has stopped the run; it may be taken up again. */
  String STOPPED = "STOPPED";

  /** Type of the failure that says an operator has ended the run for good. */
  String CANCELLED = "CANCELLED";

  StageOutcome corpus(StageRequest request);

  StageOutcome checksumShards(StageRequest request);

  StageOutcome unshard(StageRequest request);

  StageOutcome checksum(StageRequest request);

  StageOutcome tokenize(StageRequest request);

  StageOutcome take(StageRequest request);

  StageOutcome pretrain(StageRequest request);

  StageOutcome evaluate(StageRequest request);

  StageOutcome generation(StageRequest request);

  StageOutcome report(StageRequest request);
}
