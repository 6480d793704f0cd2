package dev.pawl.activities.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.Claim;
import dev.pawl.db.Database;
import dev.pawl.db.GoodputRow;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.Owner;
import dev.pawl.db.RunRow;
import dev.pawl.db.RunStatus;
import dev.pawl.db.TestDatabase;
import dev.pawl.db.TimeSegment;
import dev.pawl.db.TimeSegment.Kind;
import dev.pawl.db.Wish;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the seconds of real attempts went, some of them killed. */
class TimeLedgerTest {
  private static final double NANOS = 1e9;

  /** A beat, and what a busy machine adds to it. */
  private static final double BEAT_SECONDS = 0.5;

  private static JdbcSettings settings;
  private static Database database;

  @TempDir Path home;

  @BeforeAll
  static void open() {
    settings = TestDatabase.freshSettings();
    database = Database.open(settings);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void theAccountHasNoGapsAndIsWrittenOnlyWhenAsked() {
    OneStage stage = new OneStage(database, home);
    Claim claim = claim(stage);
    AtomicLong clock = new AtomicLong(5_000);
    TimeLedger time = new TimeLedger(database.goodput(), claim, clock::get);
    time.resumedAfter(0);
    clock.addAndGet(10_000_000_000L);
    time.saving(20, () -> clock.addAndGet(2_000_000_000L));
    clock.addAndGet(4_000_000_000L);
    TimeLedger.Mark snapshot = time.mark(40);
    clock.addAndGet(1_000_000_000L);
    assertThrows(
        IOException.class,
        () ->
            time.saving(
                50,
                () -> {
                  clock.addAndGet(1_000_000_000L);
                  throw new IOException("no space");
                }));
    clock.addAndGet(3_000_000_000L);
    assertEquals(List.of(), database.goodput().segments(stage.key(), 1));

    time.write();
    List<TimeSegment> before =
        List.of(
            segment(0, Kind.KEPT, 0, 10, 0),
            segment(1, Kind.SAVING, 10, 12, 20),
            segment(2, Kind.WORK, 12, 16, 20),
            segment(3, Kind.WORK, 16, 17, 40),
            segment(4, Kind.SAVING, 17, 18, 50),
            segment(5, Kind.WORK, 18, 21, 50));
    assertEquals(before, database.goodput().segments(stage.key(), 1));

    // The snapshot is safe at last: what followed it is not.
    time.kept(snapshot);
    clock.addAndGet(1_000_000_000L);
    time.write();
    List<TimeSegment> after = new ArrayList<>(before);
    after.set(2, segment(2, Kind.KEPT, 12, 16, 20));
    after.set(5, segment(5, Kind.WORK, 18, 22, 50));
    assertEquals(after, database.goodput().segments(stage.key(), 1));

    time.published();
    time.close();
    after.set(3, segment(3, Kind.KEPT, 16, 17, 40));
    after.set(5, segment(5, Kind.KEPT, 18, 22, 50));
    after.add(segment(6, Kind.SAVING, 22, 22, 50));
    assertEquals(after, database.goodput().segments(stage.key(), 1));
  }

  @Test
  void aKilledTrainingThatGoesOnHasRedoneWhatItLost() throws Exception {
    OneStage stage = new OneStage(database, home);
    started(stage);
    assertEquals(137, trained("", stage, 120, 50, 99));
    double lost = Long.parseLong(Files.readString(SlowTraining.lost(work(stage)))) / NANOS;
    GoodputRow dying = goodput(stage);
    assertTrue(dying.useful() > 50 * 0.02, dying.toString());
    Thread.sleep(700);
    DeadOwners.reclaim(database, Owner.ofThisProcess("test"));
    assertEquals(0, goodput(stage).failed());
    stage.run(new SlowTraining(120, 50, 0));

    GoodputRow row = ended(stage);
    assertTrue(row.redone() <= lost + 0.01, row + " lost " + lost);
    assertTrue(row.redone() >= lost - BEAT_SECONDS, row + " lost " + lost);
    assertTrue(row.redone() > 0.1, row.toString());
    assertTrue(row.useful() >= 120 * 0.02, row.toString());
    // At 50, 100 and 120 steps.
    assertTrue(row.saving() >= 3 * 0.2, row.toString());
    assertTrue(row.waiting() >= 0.7, row.toString());
    assertEquals(0, row.failed());
  }

  @Test
  void stepsBeforeTheFirstCheckpointAreFailedUntilTheyAreDoneAgain() throws Exception {
    OneStage stage = new OneStage(database, home);
    started(stage);
    assertEquals(137, trained("", stage, 80, 80, 60));
    DeadOwners.reclaim(database, Owner.ofThisProcess("test"));
    GoodputRow dead = goodput(stage);
    assertTrue(dead.failed() > 0.2, dead.toString());
    assertEquals(0, dead.useful());
    stage.run(new SlowTraining(80, 80, 0));
    GoodputRow row = ended(stage);
    assertTrue(row.redone() > 0.2, row.toString());
    assertTrue(row.useful() >= 80 * 0.02, row.toString());
  }

  @Test
  void whatAWorkerPublishedBeforeItDiedIsUseful() throws Exception {
    OneStage stage = new OneStage(database, home);
    started(stage);
    String point = "report.between_move_and_done";
    assertEquals(137, trained("kill@" + point, stage, 60, 60, 0));
    DeadOwners.reclaim(database, Owner.ofThisProcess("test"));
    stage.run(
        context -> {
          throw new PawlException(FailureCause.BUG, "the artifact was there");
        });
    GoodputRow row = ended(stage);
    assertTrue(row.useful() > 0.5, row.toString());
    assertEquals(0, row.failed());
    assertEquals(0, row.redone());
  }

  @Test
  void aPauseIsWaitingAndLosesNothing() throws Exception {
    OneStage stage = new OneStage(database, home);
    started(stage);
    OneStage.Body pausing =
        context -> {
          database.controls().wish(stage.runId(), Wish.PAUSE);
          new SlowTraining(10_000, 10_000, 0).execute(context);
        };
    assertThrows(ApplicationFailure.class, () -> stage.run(pausing));
    assertThrows(ApplicationFailure.class, () -> stage.run(pausing));
    assertEquals(1, stage.row().attempt());
    Thread.sleep(1000);
    database.controls().clear(List.of(stage.runId()));
    int step = Integer.parseInt(Files.readString(work(stage).resolve("step")));
    stage.run(new SlowTraining(step + 20, 1000, 0));
    GoodputRow row = ended(stage);
    assertTrue(row.waiting() >= 1, row.toString());
    assertTrue(row.useful() >= (step + 20) * 0.02, row.toString());
    assertTrue(row.saving() >= 0.4, row.toString());
    // From the end of the save to that of the attempt, nothing was done.
    assertEquals(0, row.redone() + row.failed(), 0.25);
  }

  @Test
  void anAttemptThatFailsAndLeavesNothingIsFailed() throws Exception {
    OneStage stage = new OneStage(database, home);
    started(stage);
    assertThrows(
        ApplicationFailure.class,
        () ->
            stage.run(
                context -> {
                  Thread.sleep(300);
                  throw new PawlException(FailureCause.NUMERIC, "loss is NaN");
                }));
    database.experiments().runStatus(stage.runId(), RunStatus.FAILED, "NUMERIC", "loss is NaN");
    GoodputRow row = goodput(stage);
    assertTrue(row.failed() >= 0.3, row.toString());
    assertEquals(0, row.useful() + row.redone() + row.saving());
    requireWhole(stage, row);
  }

  private static void started(OneStage stage) {
    database.experiments().runStatus(stage.runId(), RunStatus.RUNNING, null, null);
  }

  private static GoodputRow ended(OneStage stage) {
    database.experiments().runStatus(stage.runId(), RunStatus.DONE, null, null);
    GoodputRow row = goodput(stage);
    requireWhole(stage, row);
    return row;
  }

  /** The parts add up to the time from creation to end, to one percent. */
  private static void requireWhole(OneStage stage, GoodputRow row) {
    RunRow run = database.experiments().findRuns(stage.runId()).get(0);
    double wall =
        Duration.between(run.createdAt(), run.finishedAt().orElseThrow()).toNanos() / NANOS;
    double sum = row.useful() + row.redone() + row.saving() + row.waiting() + row.failed();
    assertEquals(wall, row.wall(), wall / 100);
    assertEquals(wall, sum, wall / 100, row.toString());
  }

  private static GoodputRow goodput(OneStage stage) {
    return database.goodput().of(stage.runId()).orElseThrow();
  }

  private static Claim claim(OneStage stage) {
    return database
        .stages()
        .claim(
            stage.key(),
            Owner.ofThisProcess("test"),
            Duration.ofMinutes(1),
            database.environments().register("{}"))
        .claim()
        .orElseThrow();
  }

  private static TimeSegment segment(int ordinal, Kind kind, double began, double ended, long at) {
    return new TimeSegment(ordinal, kind, began, ended, OptionalLong.of(at));
  }

  private Path work(OneStage stage) {
    return home.resolve("work").resolve(stage.key()).resolve("" + stage.row().attempt());
  }

  private int trained(String chaos, OneStage stage, int steps, int saveSteps, int lastStep)
      throws IOException, InterruptedException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-Dpawl.chaos=" + chaos,
            SlowTraining.class.getName(),
            settings.url(),
            settings.user().orElse(""),
            settings.password().orElse(""),
            home.toString(),
            stage.key(),
            Integer.toString(steps),
            Integer.toString(saveSteps),
            Integer.toString(lastStep))
        .inheritIO()
        .start()
        .waitFor();
  }
}
