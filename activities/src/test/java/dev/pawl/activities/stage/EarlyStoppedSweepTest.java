package dev.pawl.activities.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.EarlyStoppingActivities;
import dev.pawl.activities.EarlyStoppingActivitiesImpl;
import dev.pawl.activities.RungJob;
import dev.pawl.activities.RungQuestion;
import dev.pawl.activities.RungReport;
import dev.pawl.db.AshaSetup;
import dev.pawl.db.AshaState;
import dev.pawl.db.Database;
import dev.pawl.db.NewExperiment;
import dev.pawl.db.NewRun;
import dev.pawl.db.RunRow;
import dev.pawl.db.RunStatus;
import dev.pawl.db.RungRow;
import dev.pawl.db.TestDatabase;
import dev.pawl.db.Wish;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real trainings stopped early, by one that asks for the next job, does it and reports. */
class EarlyStoppedSweepTest {
  private static final int TRIALS = 9;
  private static final List<Long> RUNGS = List.of(6L, 18L, 54L);
  private static Database database;

  @TempDir private Path folder = Path.of("");

  @BeforeAll
  static void open() {
    database = TestDatabase.fresh();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void aSweepKilledAnywhereDecidesAsOneThatIsNot() throws IOException {
    Map<String, TrainingRun> straight = trials("straight");
    sweep("straight", straight, null);
    Map<String, TrainingRun> killed = trials("killed");
    int kills = sweep("killed", killed, new Random(8));

    assertTrue(kills > 8, kills + " kills");
    List<String> decisions = decisions("straight", straight);
    assertEquals(decisions, decisions("killed", killed));
    assertTrue(decisions.size() >= 9 + 3 + 1, decisions.size() + " decisions");
    AshaState state = database.asha().find("killed").orElseThrow();
    assertEquals(decisions.size(), state.results().size());
    assertEquals(database.asha().find("straight").orElseThrow().results(), state.results());
    ends(straight);
    ends(killed);
    // Done with: nothing is decided anew.
    assertNull(
        new EarlyStoppingActivitiesImpl(database).nextJob(new RungQuestion("killed", List.of())));
    sameBitsAsAlone("straight", straight);
    sameBitsAsAlone("killed", killed);
  }

  /** A run that was sent on to the end has the bits of one that no sweep ever stopped. */
  private void sameBitsAsAlone(String sweep, Map<String, TrainingRun> runs) throws IOException {
    List<String> ids = new ArrayList<>(runs.keySet());
    int compared = 0;
    for (RungRow row : database.asha().ofExperiment(sweep)) {
      if (row.rung() == RUNGS.size() - 1) {
        TrainingRun alone = trial(sweep + "-alone", ids.indexOf(row.runId()));
        alone.attempt();
        TrainingRun promoted = runs.get(row.runId());
        assertEquals(alone.row().resultJson(), promoted.row().resultJson());
        assertEquals(alone.metrics(), promoted.metrics());
        assertTrue(promoted.row().attempt() >= RUNGS.size());
        assertNotEquals(alone.key(), promoted.key());
        compared++;
      }
    }
    assertTrue(compared > 0);
  }

  @Test
  void aTrainingWithoutNumbersIsTheWorstAndOneThatFailsOtherwiseIsLeftOut() throws IOException {
    Map<String, TrainingRun> runs = trials("failing");
    List<String> ids = new ArrayList<>(runs.keySet()).subList(0, 4);
    register("failing", List.of(2L, 54L), 2, ids);
    EarlyStoppingActivities stopping = new EarlyStoppingActivitiesImpl(database);
    List<Integer> taken = new ArrayList<>();
    RungJob numeric = stopping.nextJob(new RungQuestion("failing", taken));
    RungJob broken = stopping.nextJob(new RungQuestion("failing", List.of(1)));
    assertEquals(new RungJob(1, 0, ids.get(0), 0, 2, false), numeric);
    assertEquals(new RungJob(2, 1, ids.get(1), 0, 2, false), broken);
    stopping.rungReached(new RungReport("failing", numeric, "NUMERIC"));
    // The other one failed of something else: it keeps its decision and has no result.
    taken.add(2);
    List<String> asked = new ArrayList<>();
    RungJob job = stopping.nextJob(new RungQuestion("failing", taken));
    while (job != null) {
      asked.add(ids.indexOf(job.runId()) + " " + job.step());
      perform(runs.get(job.runId()), job);
      stopping.rungReached(new RungReport("failing", job, null));
      job = stopping.nextJob(new RungQuestion("failing", taken));
    }
    assertEquals(List.of("2 2", "2 54", "3 2"), asked);
    // Whoever asks anew is sent to it again.
    assertEquals(broken, stopping.nextJob(new RungQuestion("failing", List.of())));
    assertEquals(
        List.of("NaN", "none"),
        List.of(ids.get(0), ids.get(1)).stream()
            .map(id -> database.asha().ofRun(id).get(0).value().map(String::valueOf).orElse("none"))
            .toList());
  }

  /** Decided while everything stops, it would be with less known than later. */
  @Test
  void whatAnOperatorStopsDecidesNothingMoreAndGoesOnWhereItWas() {
    List<NewRun> runs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      runs.add(new NewRun("stopped-" + i, "run " + i, "vanilla", 1, "{}", List.of()));
    }
    List<String> ids = runs.stream().map(NewRun::id).toList();
    database
        .experiments()
        .register(new NewExperiment("stopped", "stopped", "stopped", "{}", "", runs));
    database
        .asha()
        .register("stopped", new AshaSetup("valid_loss", true, 2, List.of(2L, 54L), ids));
    EarlyStoppingActivities stopping = new EarlyStoppingActivitiesImpl(database);
    RungJob first = stopping.nextJob(new RungQuestion("stopped", List.of()));
    database.experiments().runStatus(ids.get(0), RunStatus.STOPPED, "CANCELLED", "stopped");
    assertEquals(3, database.controls().wishOfAll("stopped", Wish.STOP));

    assertNull(stopping.nextJob(new RungQuestion("stopped", List.of(1))));
    stopping.sweepEnded("stopped");

    assertEquals(1, database.asha().ofExperiment("stopped").size());
    for (String id : ids) {
      assertEquals(RunStatus.STOPPED, database.experiments().findRuns(id).get(0).status(), id);
    }
    database.sweeps().queue(ids);
    assertEquals(first, stopping.nextJob(new RungQuestion("stopped", List.of())));
  }

  private static void ends(Map<String, TrainingRun> runs) {
    for (TrainingRun run : runs.values()) {
      List<RungRow> rungs = database.asha().ofRun(run.run().id());
      RungRow last = rungs.get(rungs.size() - 1);
      RunRow row = run.run();
      if (last.rung() < RUNGS.size() - 1) {
        assertEquals(RunStatus.STOPPED_EARLY, row.status());
        String message = row.message().orElseThrow();
        assertTrue(
            message.matches(
                "stopped at step \\d+, rung \\d of 2: valid_loss \\d\\.\\d{4} is number \\d+ of \\d+ there, \\d+ went on"),
            message);
        assertTrue(message.contains("step %d, rung %d".formatted(last.step(), last.rung())));
        assertEquals(List.of(), database.findings().of(run.key()));
      }
    }
  }

  /** Everything of each decision but when it was made. */
  private static List<String> decisions(String sweep, Map<String, TrainingRun> runs) {
    List<String> ids = new ArrayList<>(runs.keySet());
    return database.asha().ofExperiment(sweep).stream()
        .map(
            row ->
                "%d: trial %d to rung %d, step %d, %s: %s"
                    .formatted(
                        row.decision(),
                        ids.indexOf(row.runId()),
                        row.rung(),
                        row.step(),
                        row.value(),
                        row.reason()))
        .toList();
  }

  /**
   * Leads a sweep to its end, one job at a time.
   *
   * @param kills decides where whoever leads it dies, to be followed by one that knows nothing
   * @return how often that was
   */
  private int sweep(String sweep, Map<String, TrainingRun> runs, @Nullable Random kills) {
    register(sweep, RUNGS, 3, new ArrayList<>(runs.keySet()));
    int died = 0;
    while (true) {
      // A process: it asks as one that has nothing in flight.
      EarlyStoppingActivities stopping = new EarlyStoppingActivitiesImpl(database);
      try {
        lead(sweep, runs, stopping, kills);
        stopping.sweepEnded(sweep);
        return died;
      } catch (Death death) {
        died++;
      }
    }
  }

  private static void lead(
      String sweep,
      Map<String, TrainingRun> runs,
      EarlyStoppingActivities stopping,
      @Nullable Random kills) {
    RungJob job = stopping.nextJob(new RungQuestion(sweep, List.of()));
    while (job != null) {
      maybeDie(kills, "decided, not begun");
      TrainingRun run = runs.get(job.runId());
      if (kills != null && kills.nextInt(3) == 0) {
        dieWithin(run, kills.nextInt((int) job.step()), job.step());
      }
      perform(run.atStep(step -> {}), job);
      maybeDie(kills, "rests, not reported");
      stopping.rungReached(new RungReport(sweep, job, null));
      maybeDie(kills, "reported");
      job = stopping.nextJob(new RungQuestion(sweep, List.of()));
    }
  }

  /** What a run's workflow does for a job. */
  private static void perform(TrainingRun run, RungJob job) {
    database.experiments().runStatus(job.runId(), RunStatus.RUNNING, null, null);
    run.attempt(job.step());
    if (job.last()) {
      database.experiments().runStatus(job.runId(), RunStatus.DONE, null, null);
    }
  }

  /** Dies at a step, unless the training has come further before. */
  private static void dieWithin(TrainingRun run, long at, long restAfter) {
    run.atStep(
        step -> {
          if (step == at) {
            throw new Death("training, step " + step);
          }
        });
    try {
      run.attempt(restAfter);
    } catch (ApplicationFailure ended) {
      throw new Death("training");
    }
  }

  private static void maybeDie(@Nullable Random kills, String where) {
    if (kills != null && kills.nextInt(4) == 0) {
      throw new Death(where);
    }
  }

  private static void register(String sweep, List<Long> rungs, int factor, List<String> runIds) {
    database.experiments().register(new NewExperiment(sweep, sweep, sweep, "{}", "", List.of()));
    AshaSetup setup = new AshaSetup("valid_loss", true, factor, rungs, runIds);
    assertEquals(setup, database.asha().register(sweep, setup));
  }

  private Map<String, TrainingRun> trials(String sweep) throws IOException {
    Map<String, TrainingRun> runs = new LinkedHashMap<>();
    for (int trial = 0; trial < TRIALS; trial++) {
      TrainingRun run = trial(sweep, trial);
      runs.put(run.run().id(), run);
    }
    return runs;
  }

  /** The rates are evenly far apart from 1e-4 to 0.1, in an order that is none. */
  private TrainingRun trial(String sweep, int trial) throws IOException {
    double rate = Math.pow(10, -4 + 3.0 * (trial * 4 % TRIALS) / (TRIALS - 1));
    Map<String, Object> settings =
        Map.of("numTrainSteps", 54, "validSteps", 2, "saveSteps", 0, "learningRate", rate);
    Path home = Files.createDirectories(folder.resolve(sweep + "-" + trial));
    return new TrainingRun(database, home, TrainingRun.recipe(settings), Set.of());
  }

  private static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Death(String where) {
      super(where);
    }
  }
}
