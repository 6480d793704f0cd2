package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AshaStoreTest {
  private static final AshaSetup SETUP =
      new AshaSetup("valid_loss", true, 3, List.of(3L, 9L), List.of("r2", "r0", "r1"));

  private final Database database = TestDatabase.fresh();
  private final AshaStore store = database.asha();

  AshaStoreTest() {
    List<NewRun> runs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      runs.add(new NewRun("r" + i, "run " + i, "vanilla", 1, "{}", List.of()));
    }
    database.experiments().register(new NewExperiment("e", "sweep", "d", "{}", "", runs));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aSweepKeepsWhatItWasBegunWith() {
    assertEquals(Optional.empty(), store.find("e"));
    assertEquals(SETUP, store.register("e", SETUP));
    assertEquals(SETUP, store.register("e", SETUP));
    AshaSetup other = new AshaSetup("train_loss", true, 2, List.of(2L, 9L), List.of("r0"));
    assertEquals(SETUP, store.register("e", other));
    assertEquals(
        new AshaState(SETUP, List.of(), List.of(), Set.of(0, 1, 2), Set.of()),
        store.find("e").orElseThrow());
  }

  @Test
  void decisionsAndResultsAreKeptInOrderAndNeverTwice() {
    store.register("e", SETUP);
    AshaDecisionRow first = send(0, 0);
    assertEquals(new AshaDecisionRow(1, 0, 0, 0, "because 0 0"), first);
    assertEquals(new AshaDecisionRow(2, 1, 0, 0, "because 1 0"), send(1, 0));
    assertTrue(store.reached("e", 1, 0, 2.5));
    assertFalse(store.reached("e", 1, 0, 7));
    assertTrue(store.reached("e", 0, 0, Double.NaN));
    assertEquals(new AshaDecisionRow(3, 1, 1, 2, "because 1 1"), send(1, 1));
    assertEquals(Optional.empty(), store.decide("e", state -> Optional.empty()));

    AshaState state = store.find("e").orElseThrow();
    assertEquals(3, state.decisions().size());
    assertEquals(
        List.of(new AshaResultRow(1, 1, 0, 2.5), new AshaResultRow(2, 0, 0, Double.NaN)),
        state.results());
    assertTrue(state.hasResult(0, 0));
    assertFalse(state.hasResult(1, 1));
    // The record itself refuses what the rule should never ask for.
    assertThrows(RuntimeException.class, () -> send(1, 1));
    assertThrows(RuntimeException.class, () -> send(2, 2));
    assertThrows(RuntimeException.class, () -> send(3, 0));
    assertThrows(RuntimeException.class, () -> store.reached("e", 2, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> store.reached("other", 0, 0, 1));
    assertEquals(state, store.find("e").orElseThrow());

    assertEquals(
        List.of(
            new RungRow(
                "e", 2, "r0", "run 0", 0, 3, "valid_loss", Optional.of(2.5), true, "because 1 0"),
            new RungRow(
                "e", 3, "r0", "run 0", 1, 9, "valid_loss", Optional.empty(), false, "because 1 1")),
        store.ofRun("r0"));
    assertEquals(
        List.of("r2", "r0", "r0"), store.ofExperiment("e").stream().map(RungRow::runId).toList());
  }

  @Test
  void whoDecidesAtTheSameTimeDecidesOneAfterTheOther() throws Exception {
    List<String> ids = new ArrayList<>();
    List<NewRun> runs = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ids.add("many" + i);
      runs.add(new NewRun("many" + i, "many " + i, "vanilla", 1, "{}", List.of()));
    }
    database.experiments().register(new NewExperiment("m", "many", "d", "{}", "", runs));
    store.register("m", new AshaSetup("valid_loss", true, 2, List.of(1L), ids));
    ExecutorService callers = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        all.add(
            callers.submit(
                () -> {
                  AshaDecisionRow row =
                      store
                          .decide(
                              "m",
                              state ->
                                  Optional.of(
                                      new AshaStore.Choice(state.decisions().size(), 0, "next")))
                          .orElseThrow();
                  store.reached("m", row.trial(), 0, row.trial());
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      callers.shutdownNow();
    }
    AshaState state = store.find("m").orElseThrow();
    for (int i = 0; i < 40; i++) {
      assertEquals(i, state.decisions().get(i).trial());
      assertEquals(i + 1, state.results().get(i).arrival());
    }
  }

  @Test
  void aRunThatRestsEndsThereUnlessItIsSentOn() {
    store.register("e", SETUP);
    RunRow first = restsAndGoesOn("r0", RunStatus.STOPPED_EARLY, true);
    assertEquals(Optional.of("stopped"), first.message());
    assertTrue(first.finishedAt().isPresent());
    restsAndGoesOn("r1", RunStatus.RUNNING, false);
    assertEquals(Set.of(0), store.find("e").orElseThrow().queued());
    assertFalse(store.find("e").orElseThrow().halted());
    assertTrue(database.controls().wish("r2", Wish.PAUSE));
    assertFalse(store.find("e").orElseThrow().halted());
    assertTrue(database.controls().wish("r2", Wish.STOP));
    assertTrue(store.find("e").orElseThrow().halted());
  }

  private RunRow restsAndGoesOn(String id, RunStatus end, boolean rests) {
    database.experiments().runStatus(id, RunStatus.RUNNING, null, null);
    if (rests) {
      store.rests(id, "rests");
      RunRow row = database.experiments().findRuns(id).get(0);
      assertEquals(RunStatus.QUEUED, row.status());
      assertEquals(Optional.of("rests"), row.message());
    }
    store.stoppedEarly(id, "stopped");
    RunRow row = database.experiments().findRuns(id).get(0);
    assertEquals(end, row.status());
    return row;
  }

  private AshaDecisionRow send(int trial, int rung) {
    return store
        .decide(
            "e",
            state ->
                Optional.of(new AshaStore.Choice(trial, rung, "because " + trial + " " + rung)))
        .orElseThrow();
  }
}
