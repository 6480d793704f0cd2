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
 */
public record AshaState(
    AshaSetup setup,
    List<AshaDecisionRow> decisions,
    List<AshaResultRow> results,
    Set<Integer> queued) {
  public AshaState {
    queued = Set.copyOf(queued);
    decisions = List.copyOf(decisions);
    results = List.copyOf(results);
  }

  /** Whether a trial has come to a rung. */
  public boolean hasResult(int trial, int rung) {
    return results.stream().anyMatch(each -> each.trial() == trial && each.rung() == rung);
  }
}
