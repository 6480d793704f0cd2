package dev.pawl.db;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which runs are wanted; what is empty does not choose.
 *
 * @param experiment name, or the beginning of the id, of an experiment
 * @param model architecture, or the run's name or the beginning of it
 * @param since runs that were created then or later
 * @param limit at most so many, the newest experiment first
 * @param curvePoints how many losses of each run's curve are read, evenly over its steps
 */
public record RunFilter(
    Optional<String> experiment,
    Optional<String> model,
    Set<RunStatus> statuses,
    Optional<Instant> since,
    OptionalInt limit,
    int curvePoints) {
  /** All runs, without their curves. */
  public static final RunFilter ALL =
      new RunFilter(
          Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), OptionalInt.empty(), 0);

  public RunFilter {
    statuses = Set.copyOf(statuses);
  }
}
