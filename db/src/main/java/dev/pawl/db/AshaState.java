package dev.pawl.db;

import java.util.List;
import java.util.Set;

/**
 * All that is known of the early stopping of a sweep.
 *
 * @param setup how it stops
 * @param decisions in the order in which they were made
 * @param results in the order of arrival
 * @param queued numbers of the trials whose runs wait, to begin or to be sent on
 * @param wished those of them that an operator wants to stop or to cancel
 */
public record AshaState(
    AshaSetup setup,
    List<AshaDecisionRow> decisions,
    List<AshaResultRow> results,
    Set<Integer> queued,
    Set<Integer> wished) {
  public AshaState {
    queued = Set.copyOf(queued);
    wished = Set.copyOf(wished);
    decisions = List.copyOf(decisions);
    results = List.copyOf(results);
  }

  /** Whether an operator wants all that waits to stop: nothing more is to be decided. */
  public boolean halted() {
    return !queued.isEmpty() && wished.equals(queued);
  }

  /** Whether a trial has come to a rung. */
  public boolean hasResult(int trial, int rung) {
    return results.stream().anyMatch(each -> each.trial() == trial && each.rung() == rung);
  }
}
