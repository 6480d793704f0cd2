package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.Claim;
import dev.pawl.db.Database;
import dev.pawl.db.NewExperiment;
import dev.pawl.db.NewRun;
import dev.pawl.db.NewStage;
import dev.pawl.db.Owner;
import dev.pawl.db.RunRow;
import dev.pawl.db.RunStatus;
import dev.pawl.db.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether somebody is at a run, told from processes that are there, ended, or out of sight. */
class LivenessTest {
  private static final Duration HELD = Duration.ofMinutes(1);
  private static final Duration EXPIRED = Duration.ofMillis(-1);
  private static final Owner SELF = Owner.ofThisProcess("run");
  private static final Owner ELSEWHERE = new Owner("elsewhere", 1, Instant.EPOCH, "run");

  private final Database database = TestDatabase.fresh();
  private final Liveness liveness = new Liveness(database);

  @BeforeEach
  void register() {
    NewStage stage = new NewStage("k", "pretrain", 1, "{}", Map.of());
    NewRun run = new NewRun("run1", "one", "one", 1, "{}", List.of(stage));
    database
        .experiments()
        .register(new NewExperiment("exp1", "quick", "digest", "{}", "yaml", List.of(run)));
    database.experiments().runStatus("run1", RunStatus.RUNNING, null, null);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aRunWhoseProcessHasEndedIsInterruptedWhetherAtAStageOrNot() throws Exception {
    Owner ended = ended();
    database.serving().served("run1", Optional.of(ended));
    requireGone("its process is gone; run it again to go on");
    hold(ended, HELD);
    requireGone("its process is gone; run it again to go on");
    assertEquals(RunStatus.RUNNING, run().status());
  }

  @Test
  void aPausedRunWhoseProcessHasEndedIsInterruptedToo() throws Exception {
    database.serving().served("run1", Optional.of(ended()));
    database.controls().paused("run1");
    requireGone("its process is gone; run it again to go on");
  }

  @Test
  void aLivingProcessServesItsRunBetweenStagesToo() {
    database.serving().served("run1", Optional.of(SELF));
    requireServed();
    hold(SELF, HELD);
    requireServed();
  }

  @Test
  void anotherWorkerThatHoldsAStageServesTheRunOfADeadProcess() throws Exception {
    database.serving().served("run1", Optional.of(ended()));
    hold(ELSEWHERE, HELD);
    requireServed();
  }

  @Test
  void aProcessOfAnotherHostIsJudgedByItsLease() {
    database.serving().served("run1", Optional.of(ELSEWHERE));
    requireServed();
    hold(ELSEWHERE, EXPIRED);
    requireGone("its process is gone; run it again to go on");
  }

  @Test
  void aClusterTakesOverWhatAWorkerLetGo() {
    requireServed();
    hold(ELSEWHERE, EXPIRED);
    requireGone("its worker is gone; the next one takes it over");
  }

  @Test
  void aRunThatHasEndedIsNotInterrupted() throws Exception {
    database.serving().served("run1", Optional.of(ended()));
    database.experiments().runStatus("run1", RunStatus.DONE, null, null);
    requireServed();
  }

  private void hold(Owner owner, Duration lease) {
    String environment = database.environments().register("{}");
    Claim claim = database.stages().claim("k", owner, lease, environment).claim().orElseThrow();
    database.goodput().began(claim, "run1");
  }

  private void requireServed() {
    assertEquals(Optional.empty(), liveness.interrupted(run()));
  }

  private void requireGone(String words) {
    assertEquals(Optional.of(words), liveness.interrupted(run()));
  }

  private RunRow run() {
    return database.experiments().findRuns("run1").get(0);
  }

  private static Owner ended() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("true").start();
    Instant start = process.info().startInstant().orElse(Instant.now());
    assertTrue(process.waitFor() == 0);
    return new Owner(Owner.hostName(), process.pid(), start, "run");
  }
}
