package dev.pawl.activities.asha;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AshaTest {
  private static final double NONE = Double.NaN;

  /** Nine trials, three rungs, one worker; worked by hand from Algorithm 2. */
  @Test
  void anExampleByHand() {
    double[][] losses = {
      {5.0, 4.0, 6.0, 3.0, 4.5, 7.0, 2.0, NONE, 4.0},
      {NONE, 3.5, NONE, 2.8, NONE, NONE, 2.9, NONE, NONE},
      {NONE, NONE, NONE, 2.5, NONE, NONE, NONE, NONE, NONE},
    };
    Asha asha = new Asha(3, true, 3, 9);
    List<Job> given = new ArrayList<>();
    List<Reached> reached = new ArrayList<>();
    while (asha.next(given, reached).isPresent()) {
      Job job = asha.next(given, reached).orElseThrow();
      given.add(job);
      reached.add(new Reached(job.trial(), job.rung(), losses[job.rung()][job.trial()]));
    }

    String fresh = "new: no trial of a rung may go on";
    assertEquals(
        List.of(
            new Job(0, 0, fresh),
            new Job(1, 0, fresh),
            new Job(2, 0, fresh),
            new Job(1, 1, "promoted: 4.0 is number 1 of 3 in rung 0, the best 1 may go on"),
            new Job(3, 0, fresh),
            new Job(3, 1, "promoted: 3.0 is number 1 of 4 in rung 0, the best 1 may go on"),
            new Job(4, 0, fresh),
            // Six in rung 0, so two may go on: both have.
            new Job(5, 0, fresh),
            new Job(6, 0, fresh),
            new Job(6, 1, "promoted: 2.0 is number 1 of 7 in rung 0, the best 2 may go on"),
            // The higher rung goes first.
            new Job(3, 2, "promoted: 2.8 is number 1 of 3 in rung 1, the best 1 may go on"),
            new Job(7, 0, fresh),
            // Its 4.0 is also that of trial 1, which came before it: number 3 of 9 has gone on.
            new Job(8, 0, fresh)),
        given);
  }

  @Test
  void theLargestIsTheBestWhereThatIsAsked() {
    Asha asha = new Asha(2, false, 2, 4);
    List<Job> given = new ArrayList<>(List.of(job(0, 0), job(1, 0), job(2, 0), job(3, 0)));
    List<Reached> reached =
        List.of(
            new Reached(0, 0, NONE),
            new Reached(1, 0, 0.2),
            new Reached(2, 0, Double.POSITIVE_INFINITY),
            new Reached(3, 0, 0.2));
    assertEquals(
        List.of(2, 1, 3, 0), asha.ranking(0, reached).stream().map(Reached::trial).toList());
    Job first = asha.next(given, reached).orElseThrow();
    assertEquals(2, first.trial());
    given.add(first);
    Job second = asha.next(given, reached).orElseThrow();
    assertEquals(1, second.trial());
    given.add(second);
    assertEquals(Optional.empty(), asha.next(given, reached));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTrialWithoutANumberIsNeverPromoted(boolean smaller) {
    Asha asha = new Asha(2, smaller, 2, 2);
    List<Job> given = List.of(job(0, 0), job(1, 0));
    assertEquals(
        Optional.empty(),
        asha.next(given, List.of(new Reached(0, 0, NONE), new Reached(1, 0, NONE))));
    assertEquals(
        1,
        asha.next(given, List.of(new Reached(0, 0, NONE), new Reached(1, 0, 9.0)))
            .orElseThrow()
            .trial());
  }

  /**
   * Algorithm 2 knows no quota: a trial that was the best of its time has gone on, and a better one
   * that comes later does too.
   */
  @Test
  void lateBetterTrialsGoOnThoughEarlierOnesDid() {
    List<Job> given =
        simulate(new Asha(3, true, 2, 9), 1, new Random(1), trial -> 9.0 - trial).given;
    assertEquals(7, given.stream().filter(job -> job.rung() == 1).count());
    given = simulate(new Asha(3, true, 2, 9), 1, new Random(1), trial -> trial).given;
    assertEquals(3, given.stream().filter(job -> job.rung() == 1).count());
  }

  @ParameterizedTest
  @CsvSource({"27, 3, 4, 1, 11", "27, 3, 4, 4, 12", "100, 2, 6, 8, 13", "40, 4, 3, 3, 14"})
  void everyDecisionIsOneOfAlgorithm2(int trials, int factor, int rungs, int workers, int seed) {
    for (int round = 0; round < 30; round++) {
      Asha asha = new Asha(factor, round % 2 == 0, rungs, trials);
      Random random = new Random(seed * 1000L + round);
      Simulation run =
          simulate(
              asha, workers, random, trial -> random.nextInt(8) == 0 ? NONE : random.nextInt(50));
      check(asha, run);
      assertEquals(trials, run.given.stream().filter(job -> job.rung() == 0).count());
    }
  }

  /** From the order of arrival alone, each decision follows again. */
  @Test
  void decisionsFollowFromTheOrderOfArrival() {
    Random random = new Random(5);
    Asha asha = new Asha(3, true, 4, 60);
    Simulation run = simulate(asha, 5, random, trial -> random.nextDouble());
    assertTrue(run.given.size() > 85, run.given.size() + " jobs");
    for (int i = 0; i < run.given.size(); i++) {
      assertEquals(
          Optional.of(run.given.get(i)),
          asha.next(run.given.subList(0, i), run.reached.subList(0, run.seen.get(i))));
    }
  }

  /** By other means than those of the class: counting, for each trial, those that are better. */
  private static void check(Asha asha, Simulation run) {
    for (int i = 0; i < run.given.size(); i++) {
      Job job = run.given.get(i);
      List<Job> before = run.given.subList(0, i);
      List<Reached> known = run.reached.subList(0, run.seen.get(i));
      int lowest = job.rung() == 0 ? 0 : job.rung();
      for (int rung = asha.rungs() - 2; rung >= lowest; rung--) {
        assertEquals(Set.of(), promotable(asha, rung, before, known), "above rung " + job.rung());
      }
      if (job.rung() > 0) {
        Set<Integer> promotable = promotable(asha, job.rung() - 1, before, known);
        assertTrue(promotable.contains(job.trial()), job + " of " + promotable);
      }
      assertTrue(before.stream().noneMatch(other -> same(other, job)), "twice: " + job);
    }
    for (int rung = 0; rung < asha.rungs() - 1; rung++) {
      assertEquals(Set.of(), promotable(asha, rung, run.given, run.reached));
    }
  }

  private static boolean same(Job a, Job b) {
    return a.trial() == b.trial() && a.rung() == b.rung();
  }

  private static Set<Integer> promotable(
      Asha asha, int rung, List<Job> given, List<Reached> reached) {
    Map<Integer, Double> values = new HashMap<>();
    reached.stream()
        .filter(each -> each.rung() == rung)
        .forEach(each -> values.put(each.trial(), each.value()));
    Set<Integer> found = new HashSet<>();
    values.forEach(
        (trial, value) -> {
          long better =
              values.entrySet().stream()
                  .filter(other -> better(asha, other.getKey(), other.getValue(), trial, value))
                  .count();
          boolean gone = given.stream().anyMatch(job -> same(job, new Job(trial, rung + 1, "")));
          if (!value.isNaN() && better < values.size() / asha.reductionFactor() && !gone) {
            found.add(trial);
          }
        });
    return found;
  }

  private static boolean better(Asha asha, int trial, double value, int than, double other) {
    if (Double.isNaN(value)) {
      return Double.isNaN(other) && trial < than;
    }
    if (Double.isNaN(other)) {
      return true;
    }
    return value == other ? trial < than : (value < other) == asha.smallerIsBetter();
  }

  private record Simulation(List<Job> given, List<Integer> seen, List<Reached> reached) {}

  @FunctionalInterface
  private interface Losses {
    double of(int trial);
  }

  private static Simulation simulate(Asha asha, int workers, Random random, Losses losses) {
    Simulation run = new Simulation(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<Job> inFlight = new ArrayList<>();
    while (true) {
      Optional<Job> job =
          inFlight.size() < workers ? asha.next(run.given, run.reached) : Optional.empty();
      if (job.isPresent()) {
        run.given.add(job.get());
        run.seen.add(run.reached.size());
        inFlight.add(job.get());
      } else if (inFlight.isEmpty()) {
        return run;
      } else {
        Job done = inFlight.remove(random.nextInt(inFlight.size()));
        run.reached.add(new Reached(done.trial(), done.rung(), losses.of(done.trial())));
      }
    }
  }

  private static Job job(int trial, int rung) {
    return new Job(trial, rung, "");
  }
}
