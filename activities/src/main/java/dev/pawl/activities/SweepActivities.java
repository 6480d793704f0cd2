package dev.pawl.activities;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/**
 * What the scheduler of a sweep reads and records; each method may be called again with the same
 * argument.
 */
@ActivityInterface
public interface SweepActivities {
  /** The sweep begins, or goes on. */
  void sweepStarted(String experimentId);

  /**
   * The runs of a page that are to be begun, in order, with their stages. Those that have ended, or
   * were asked to stop before they began, are not among them.
   */
  List<SweepRunPlan> runsOf(RunPage page);

  /** Nothing of the sweep goes on any more. */
  void sweepFinished(SweepFinish finish);
}
