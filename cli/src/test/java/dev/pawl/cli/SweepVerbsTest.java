package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.Database;
import dev.pawl.db.NewExperiment;
import dev.pawl.db.NewRun;
import dev.pawl.db.NewStage;
import dev.pawl.db.NewSweep;
import dev.pawl.db.Owner;
import dev.pawl.db.RunStatus;
import dev.pawl.db.SweepRow;
import dev.pawl.db.SweepRunRow;
import dev.pawl.db.TestDatabase;
import dev.pawl.db.Wish;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.plan.PlannedRun;
import dev.pawl.experiments.plan.PlannedStage;
import dev.pawl.experiments.preset.ModelFiles;
import dev.pawl.experiments.sweep.Sweep;
import dev.pawl.experiments.sweep.SweepSettings;
import dev.pawl.model.failure.BusyException;
import dev.pawl.workflows.RunNumbers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the verbs make of the name of a sweep, on a record whose runs stand everywhere. */
class SweepVerbsTest {
  private final Database database = TestDatabase.fresh();

  @BeforeEach
  void register() {
    List<NewRun> runs = new ArrayList<>();
    for (String name : List.of("waits", "goes-on", "is-done", "failed")) {
      runs.add(
          new NewRun(
              "id-" + name,
              name,
              "vanilla",
              1,
              "{}",
              List.of(new NewStage("train-" + name, "pretrain", 1, "{}", Map.of())),
              "{}"));
    }
    database
        .experiments()
        .register(
            new NewExperiment(
                "exp1",
                "many",
                "digest",
                "{}",
                "yaml",
                runs,
                Optional.of(new NewSweep(2, 4, 3, "{\"seed\": \"1, 2\"}"))));
    status("goes-on", RunStatus.RUNNING, null);
    status("is-done", RunStatus.DONE, null);
    status("failed", RunStatus.FAILED, "evaluation.checkpoints: no such step\nand more");
    database.serving().served("id-goes-on", Optional.of(Owner.ofThisProcess("run")));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void wishesReachTheRunsThatWaitOrGoOnAlone() {
    assertEquals(
        "2 runs: what goes on saves after its step and waits",
        new WishCommand.Pause().askAll(database, sweep()));
    assertEquals(Optional.of(Wish.PAUSE), database.controls().of("id-waits"));
    assertEquals(Optional.of(Wish.PAUSE), database.controls().of("id-goes-on"));
    assertEquals(Optional.empty(), database.controls().of("id-failed"));
    assertEquals("2 runs: go on", new WishCommand.Resume().askAll(database, sweep()));
    assertEquals(
        "nothing to resume: no run of the sweep is asked to pause",
        new WishCommand.Resume().askAll(database, sweep()));
    assertTrue(new WishCommand.Stop().askAll(database, sweep()).startsWith("2 runs: "));
    assertEquals(Optional.of(Wish.STOP), database.controls().of("id-waits"));
  }

  @Test
  void aSweepThatHasEndedHasNothingToStop() {
    status("waits", RunStatus.DONE, null);
    status("goes-on", RunStatus.DONE, null);
    assertEquals(
        "nothing to stop: no run of the sweep waits or goes on",
        new WishCommand.Stop().askAll(database, sweep()));
  }

  @Test
  void theViewCountsAndNamesWhatIsWrong() {
    String text = new SweepView(database, "exp1").text();
    assertTrue(text.contains("settings    max_in_flight 2, priority 4, on_failure stop_after: 3"));
    assertTrue(text.contains("runs        4: 1 queued, 1 running, 1 done, 1 failed"), text);
    assertTrue(
        text.contains("   4  FAILED        id-failed  failed: evaluation.checkpoints: no such"),
        text);
    assertFalse(text.contains("and more"), text);
    assertTrue(new SweepView(database, "exp1").goesOn());
  }

  @Test
  void aNameThatMeansARunTooIsAsked() {
    assertEquals("exp1", RunChoice.sweep(database, "many").orElseThrow().experimentId());
    assertEquals(Optional.empty(), RunChoice.sweep(database, "waits"));
    NewRun run = new NewRun("id-many", "many", "vanilla", 1, "{}", List.of());
    database
        .experiments()
        .register(new NewExperiment("exp2", "other", "digest", "{}", "yaml", List.of(run)));
    assertThrows(NotFoundException.class, () -> RunChoice.sweep(database, "many"));
  }

  @Test
  void chosenRunsWaitForTheirTurnAgain() {
    Submission submission = new Submission(database, Path.of("nowhere"));
    assertEquals(
        List.of(3),
        RunNumbers.parse(
                submission
                    .queue("exp1", run -> run.status() == RunStatus.FAILED)
                    .orElseThrow()
                    .runs())
            .numbers());
    SweepRunRow failed = database.sweeps().runs("exp1").get(3);
    assertEquals(RunStatus.QUEUED, failed.status());
    assertEquals(Optional.empty(), failed.message());
    assertEquals(Optional.empty(), submission.queue("exp1", run -> false));
  }

  @Test
  void aSweepThatALivingProcessIsAtIsNotSubmittedAgain() {
    Plan plan = plan("train-waits");
    BusyException busy =
        assertThrows(
            BusyException.class, () -> SweepChanges.since(database, plan, asked("1, 2, 3")));
    assertTrue(busy.getMessage().contains("another process is at its run goes-on"));

    status("goes-on", RunStatus.QUEUED, null);
    assertEquals(
        List.of(
            "  seed: 1, 2 -> 1, 2, 3",
            "  runs: 0 the same, 1 with other stages, 0 new, 3 no longer asked for (they stay in"
                + " the record)"),
        SweepChanges.since(database, plan, asked("1, 2, 3")));
  }

  private void status(String name, RunStatus status, @Nullable String message) {
    database
        .experiments()
        .runStatus("id-" + name, status, message == null ? null : "CONFIG", message);
  }

  private SweepRow sweep() {
    return database.sweeps().current("many").orElseThrow();
  }

  private static Sweep asked(String seeds) {
    return new Sweep(
        SweepSettings.DEFAULT, Optional.empty(), List.of(), List.of(), Map.of("seed", seeds));
  }

  /** One run, of a name that the record has with another id. */
  private static Plan plan(String pretrain) {
    PlannedStage stage = new PlannedStage("pretrain", 1, pretrain, "{}", Map.of());
    PlannedRun run =
        new PlannedRun(
            "other", "waits", ModelFiles.load("vanilla_31").model(), "{}", List.of(stage), "{}");
    return new Plan("exp2", "many", "digest", "{}", "yaml", List.of(run), List.of());
  }
}
