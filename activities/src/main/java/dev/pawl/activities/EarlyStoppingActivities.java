package dev.pawl.activities;

import io.temporal.activity.ActivityInterface;
import org.jspecify.annotations.Nullable;

/**
 * Decides which run of a sweep goes on, and keeps every decision and what came of it. Each method
 * may be called again with the same argument, and then changes nothing more.
 */
@ActivityInterface
public interface EarlyStoppingActivities {
  /**
   * What to do next. A decision that was made and whose run has not come to its rung comes first,
   * so that a sweep that was killed goes on where it was.
   *
   * @return null when nothing can be done before a run that goes on has come to its rung, or ever
   */
  @Nullable RungJob nextJob(RungQuestion question);

  /** Records that a run has come to its rung, or never will because its numbers are none. */
  void rungReached(RungReport report);

  /**
   * Marks the runs that rest at a rung as stopped early: nothing will send them on. Where an
   * operator wanted all that waits to stop or to be cancelled, they are that instead, and the sweep
   * can be taken up again.
   */
  void sweepEnded(String experimentId);
}
