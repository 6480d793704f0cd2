package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SweepStoreTest {
  private final Database database = TestDatabase.fresh();
  private final SweepStore sweeps = database.sweeps();

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aSweepIsStoredWithItsSettingsAndPoints() {
    register("e1", new NewSweep(3, 2, 5, "{\"seed\": \"1, 2\"}"), "a", "b");

    SweepRow row = sweeps.current("many").orElseThrow();
    assertEquals(
        new SweepRow(
            "e1", "many", 3, 2, 5, SweepState.QUEUED, Optional.empty(), Map.of("seed", "1, 2")),
        row);
    List<SweepRunRow> runs = sweeps.runs("e1");
    assertEquals(List.of("a", "b"), runs.stream().map(SweepRunRow::name).toList());
    assertEquals(List.of(0, 1), runs.stream().map(SweepRunRow::ordinal).toList());
    assertEquals("{\"seed\": \"a\"}", runs.get(0).pointJson());
    assertEquals(Optional.of("train-a"), runs.get(0).pretrainKey());
    assertFalse(runs.get(0).trained());
    assertEquals("b", database.experiments().findRuns("many/2").get(0).name());
    assertEquals("b", database.experiments().findRuns("many/b").get(0).name());
    assertEquals(Optional.of("a"), database.experiments().nameOf("run-a"));
  }

  @Test
  void anotherVersionTakesOverTheRunsThatItHasToo() {
    register("e1", settings(), "a", "b");
    register("e2", settings(), "b", "c");

    assertEquals("e2", sweeps.current("many").orElseThrow().experimentId());
    assertEquals(Optional.of("e2"), sweeps.find("e1").orElseThrow().supersededBy());
    assertEquals(Set.of("e1"), sweeps.superseded());
    assertEquals(List.of("a"), sweeps.runs("e1").stream().map(SweepRunRow::name).toList());
    assertEquals(List.of("b", "c"), sweeps.runs("e2").stream().map(SweepRunRow::name).toList());

    register("e1", settings(), "a", "b");
    assertEquals("e1", sweeps.current("many").orElseThrow().experimentId());
    assertEquals(List.of("a", "b"), sweeps.runs("e1").stream().map(SweepRunRow::name).toList());
    assertEquals(Set.of("e2"), sweeps.superseded());
  }

  @Test
  void runsThatWaitComeInOrderWithTheirStages() {
    register("e1", settings(), "a", "b", "c");
    database.experiments().runStatus("run-b", RunStatus.DONE, null, null);

    List<RunStages> waiting = sweeps.waiting("e1", List.of(2, 1, 0));

    assertEquals(List.of("run-a", "run-c"), waiting.stream().map(RunStages::runId).toList());
    assertEquals(
        List.of(
            new RunStages.StageInputs("corpus", "corpus", List.of()),
            new RunStages.StageInputs("pretrain", "train-c", List.of("corpus"))),
        waiting.get(1).stages());
    assertEquals(List.of(), sweeps.waiting("e1", List.of(1)));
  }

  @Test
  void runsThatWereAskedToStopAreNotBegunAndCanBeTakenUpAgain() {
    register("e1", settings(), "a", "b", "c");
    assertEquals(3, database.controls().wishOfAll("e1", Wish.STOP));
    sweeps.endWished("e1", List.of(0, 1));

    assertEquals(List.of(RunStatus.STOPPED, RunStatus.STOPPED, RunStatus.QUEUED), statuses());
    assertEquals(
        Optional.of("an operator asked to stop before it began"),
        sweeps.runs("e1").get(0).message());

    sweeps.queue(List.of("run-a"));
    assertEquals(RunStatus.QUEUED, statuses().get(0));
    sweeps.endWished("e1", List.of(0));
    assertEquals(RunStatus.QUEUED, statuses().get(0));
  }

  @Test
  void aPauseIsTakenBackFromAllRuns() {
    register("e1", settings(), "a", "b");
    database.controls().wishOfAll("e1", Wish.PAUSE);
    assertEquals(2, database.controls().resumeAll("e1"));
    assertEquals(0, database.controls().resumeAll("e1"));
    assertEquals(Optional.empty(), database.controls().of("run-a"));
  }

  @Test
  void whatIsNotBegunSaysWhy() {
    register("e1", settings(), "a", "b");
    database.experiments().runStatus("run-a", RunStatus.RUNNING, null, null);
    sweeps.notBegun("e1", List.of(0, 1), "a run failed");
    assertEquals(List.of(RunStatus.RUNNING, RunStatus.STOPPED), statuses());
    assertEquals(Optional.of("a run failed"), sweeps.runs("e1").get(1).message());
  }

  @Test
  void aDoneTrainingIsTrained() {
    register("e1", settings(), "a", "b");
    String environment = database.environments().register("{}");
    Owner owner = Owner.ofThisProcess("test");
    Claim claim =
        database
            .stages()
            .claim("train-b", owner, Duration.ofMinutes(1), environment)
            .claim()
            .orElseThrow();
    database.stages().complete(claim, new Completion("digest", 1, "path", "pretrain", "{}"));

    assertEquals(
        List.of(false, true), sweeps.runs("e1").stream().map(SweepRunRow::trained).toList());
    assertEquals(Set.of("train-b"), database.stages().attempted(List.of("train-a", "train-b")));
    assertEquals(
        Map.of("train-b", StageStatus.DONE, "train-a", StageStatus.PENDING),
        database.stages().statuses(List.of("train-a", "train-b", "none")));
    assertEquals(
        Set.of("corpus"), sweeps.neededByOthers(List.of("corpus", "train-a"), List.of("run-a")));
  }

  @Test
  void thousandsOfRunsAreRegisteredAtOnce() {
    String[] names = new String[2000];
    for (int i = 0; i < names.length; i++) {
      names[i] = "n" + i;
    }
    long start = System.nanoTime();
    register("e1", settings(), names);
    double seconds = (System.nanoTime() - start) / 1e9;
    assertEquals(2000, sweeps.runs("e1").size());
    // One statement a row took some ten seconds.
    assertTrue(seconds < 8, "took " + seconds + " s");
    assertEquals(2000, database.experiments().known(ids(names)).size());
  }

  private static List<String> ids(String... names) {
    List<String> ids = new ArrayList<>();
    for (String name : names) {
      ids.add("run-" + name);
    }
    return ids;
  }

  private List<RunStatus> statuses() {
    return sweeps.runs("e1").stream().map(SweepRunRow::status).toList();
  }

  private static NewSweep settings() {
    return new NewSweep(1, 3, 0, "{}");
  }

  private void register(String id, NewSweep sweep, String... names) {
    List<NewRun> runs = new ArrayList<>();
    for (String name : names) {
      List<NewStage> stages =
          List.of(
              new NewStage("corpus", "corpus", 1, "{}", Map.of()),
              new NewStage("train-" + name, "pretrain", 1, "{}", Map.of("data", "corpus")));
      runs.add(
          new NewRun(
              "run-" + name, name, "vanilla", 1, "{}", stages, "{\"seed\": \"" + name + "\"}"));
    }
    database
        .experiments()
        .register(new NewExperiment(id, "many", "digest", "{}", "yaml", runs, Optional.of(sweep)));
  }
}
