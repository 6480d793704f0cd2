package dev.pawl.activities.asha;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Asynchronous successive halving, the promoting kind: {@code get_job} of Algorithm 2 in Li et al.,
 * "A System for Massively Parallel Hyperparameter Tuning" (MLSys 2020), for a given list of trials.
 *
 * <p>From the highest rung down: of the n trials that have come to a rung, the best {@code floor(n
 * / reductionFactor)} may go on; the best of them that has not yet been sent on is. Where there is
 * none in any rung, the next trial begins. A pure function: whoever knows the same answers the
 * same.
 *
 * @param reductionFactor of so many trials of a rung one goes on, 2 or more
 * @param smallerIsBetter which values are the better ones
 * @param rungs number of rungs, 1 or more
 * @param trials number of trials
 */
public record Asha(int reductionFactor, boolean smallerIsBetter, int rungs, int trials) {
  public Asha {
    if (reductionFactor < 2 || rungs < 1) {
      throw new IllegalArgumentException(
          "a reduction factor of %d, %d rungs".formatted(reductionFactor, rungs));
    }
  }

  /**
   * What to do next.
   *
   * @param given all jobs that were given out, finished or not
   * @param reached what came of them, in the order of arrival, each once
   * @return empty when nothing can be done before something else arrives, or ever
   */
  public Optional<Job> next(List<Job> given, List<Reached> reached) {
    for (int rung = rungs - 2; rung >= 0; rung--) {
      Optional<Job> promotion = promotion(rung, given, reached);
      if (promotion.isPresent()) {
        return promotion;
      }
    }
    // Every trial begins in the lowest rung, in order.
    int begun = (int) given.stream().filter(job -> job.rung() == 0).count();
    return begun < trials
        ? Optional.of(new Job(begun, 0, "new: no trial of a rung may go on"))
        : Optional.empty();
  }

  /** The trials of a rung, the best one first: by value, then by number; no number is the worst. */
  public List<Reached> ranking(int rung, List<Reached> reached) {
    return reached.stream().filter(each -> each.rung() == rung).sorted(order()).toList();
  }

  private Optional<Job> promotion(int rung, List<Job> given, List<Reached> reached) {
    List<Reached> ranking = ranking(rung, reached);
    int mayGoOn = ranking.size() / reductionFactor;
    Set<Integer> gone = new HashSet<>();
    for (Job job : given) {
      if (job.rung() == rung + 1) {
        gone.add(job.trial());
      }
    }
    for (int place = 0; place < mayGoOn; place++) {
      Reached trial = ranking.get(place);
      // A trial without a number is in nobody's best part.
      if (!Double.isNaN(trial.value()) && !gone.contains(trial.trial())) {
        return Optional.of(
            new Job(
                trial.trial(),
                rung + 1,
                "promoted: %s is number %d of %d in rung %d, the best %d may go on"
                    .formatted(trial.value(), place + 1, ranking.size(), rung, mayGoOn)));
      }
    }
    return Optional.empty();
  }

  private Comparator<Reached> order() {
    Comparator<Reached> byValue =
        smallerIsBetter
            // Double.compare puts what is no number above all numbers.
            ? (a, b) -> Double.compare(a.value(), b.value())
            : (a, b) -> compareDescending(a.value(), b.value());
    return byValue.thenComparingInt(Reached::trial);
  }

  private static int compareDescending(double a, double b) {
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
    }
    return Double.compare(b, a);
  }
}
