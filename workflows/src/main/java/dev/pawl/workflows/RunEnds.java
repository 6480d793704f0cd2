package dev.pawl.workflows;

import dev.pawl.activities.RunEnd;
import dev.pawl.activities.RunOutcome;
import dev.pawl.activities.StageActivities;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TerminatedFailure;
import io.temporal.failure.TimeoutFailure;
import java.util.ArrayList;
import java.util.List;

/** Finds, in the failures that Temporal wraps around each other, how a run ended. */
final class RunEnds {
  private RunEnds() {}

  /** The first failure decides how the run ended; the message names the others too. */
  static RunEnd of(String runId, List<? extends Throwable> failures) {
    RunEnd first = of(runId, failures.get(0));
    if (first.outcome() != RunOutcome.FAILED) {
      return first;
    }
    List<String> messages = new ArrayList<>(List.of(first.message()));
    for (Throwable later : failures.subList(1, failures.size())) {
      RunEnd other = of(runId, later);
      // The same words twice tell nothing new; a cancelled sibling is no failure of its own.
      if (other.outcome() == RunOutcome.FAILED && !messages.contains(other.message())) {
        messages.add(other.message());
      }
    }
    return new RunEnd(runId, first.outcome(), first.cause(), String.join("\n", messages));
  }

  static RunEnd of(String runId, Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof CanceledFailure || each instanceof TerminatedFailure) {
        return new RunEnd(runId, RunOutcome.CANCELLED, "CANCELLED", "cancelled on request");
      }
      if (each instanceof ApplicationFailure known) {
        RunOutcome outcome =
            switch (known.getType()) {
              case StageActivities.STOPPED -> RunOutcome.STOPPED;
              case StageActivities.CANCELLED -> RunOutcome.CANCELLED;
              default -> RunOutcome.FAILED;
            };
        return new RunEnd(runId, outcome, known.getType(), known.getOriginalMessage());
      }
      if (each instanceof TimeoutFailure timeout) {
        return new RunEnd(
            runId,
            RunOutcome.FAILED,
            "INFRASTRUCTURE",
            "no worker gave a sign of life: " + timeout.getOriginalMessage());
      }
    }
    return new RunEnd(runId, RunOutcome.FAILED, "BUG", "unexpected " + failure);
  }
}
