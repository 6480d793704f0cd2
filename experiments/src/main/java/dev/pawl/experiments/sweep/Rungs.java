package dev.pawl.experiments.sweep;

import java.util.ArrayList;
import java.util.List;

/**
 * The steps at which the runs of a sweep are compared (Li et al. 2020, Algorithm 2): {@code
 * minSteps * reductionFactor^k} for k from 0 to floor(log(maxSteps / minSteps)) to the base
 * reductionFactor, the last of them being {@code maxSteps}.
 *
 * @param steps of each rung, rising; the last one is the end of the training
 * @param reductionFactor of so many runs of a rung one goes on, 2 or more
 */
public record Rungs(List<Long> steps, int reductionFactor) {
  public Rungs {
    steps = List.copyOf(steps);
  }

  /**
   * The rungs between two numbers of steps.
   *
   * @param minSteps of the first rung, 1 or more
   * @param maxSteps of the last rung, not below the first
   */
  public static Rungs between(long minSteps, long maxSteps, int reductionFactor) {
    List<Long> steps = new ArrayList<>();
    // Divided, not multiplied: no product of large numbers overflows.
    for (long step = minSteps; step <= maxSteps / reductionFactor; step *= reductionFactor) {
      steps.add(step);
    }
    steps.add(maxSteps);
    return new Rungs(steps, reductionFactor);
  }

  /** The fewest runs of which one reaches the last rung; {@link Long#MAX_VALUE} for very many. */
  public long fewestRuns() {
    long runs = 1;
    for (int rung = 1; rung < steps.size(); rung++) {
      if (runs > Long.MAX_VALUE / reductionFactor) {
        return Long.MAX_VALUE;
      }
      runs *= reductionFactor;
    }
    return runs;
  }
}
