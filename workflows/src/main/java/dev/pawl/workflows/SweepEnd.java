package dev.pawl.workflows;

import dev.pawl.activities.RunEnd;
import dev.pawl.activities.RunOutcome;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of the runs of a sweep that were begun.
 *
 * @param done how many got to their end
 * @param failed how many failed
 * @param ended how many were stopped or cancelled
 * @param failures the first few that failed
 */
public record SweepEnd(int done, int failed, int ended, List<RunEnd> failures) {
  /** Nothing was begun. */
  static final SweepEnd NONE = new SweepEnd(0, 0, 0, List.of());

  /** As many as somebody reads; the record has all. */
  private static final int SHOWN = 20;

  public SweepEnd {
    failures = List.copyOf(failures);
  }

  /** With one more run. */
  SweepEnd and(RunEnd run) {
    if (run.outcome() != RunOutcome.FAILED) {
      boolean stopped =
          run.outcome() == RunOutcome.STOPPED || run.outcome() == RunOutcome.CANCELLED;
      return new SweepEnd(done + (stopped ? 0 : 1), failed, ended + (stopped ? 1 : 0), failures);
    }
    List<RunEnd> more = new ArrayList<>(failures);
    if (more.size() < SHOWN) {
      more.add(run);
    }
    return new SweepEnd(done, failed + 1, ended, more);
  }
}
