package dev.pawl.workflows;

import java.util.List;
import java.util.Objects;

/**
 * Asks for the runs of a sweep that ends some of them early.
 *
 * @param sweep which, and how many at a time
 * @param missed numbers of decisions whose runs failed or were ended before they came to their rung
 * @param goesOn whether this is what another history has left
 */
public record EarlyStoppingRequest(SweepRequest sweep, List<Integer> missed, boolean goesOn) {
  public EarlyStoppingRequest {
    Objects.requireNonNull(sweep, "sweep");
    missed = List.copyOf(missed);
  }

  /** A request of which nothing has been done. */
  public static EarlyStoppingRequest of(SweepRequest sweep) {
    return new EarlyStoppingRequest(sweep, List.of(), false);
  }
}
