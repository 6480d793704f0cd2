package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.TimeSegment.Kind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Attempts whose times are set in the record, and what they add up to. */
class GoodputTest {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final Owner OWNER = new Owner("here", 1, Instant.EPOCH, "a");
  private static final double EXACT = 1e-6;

  private final JdbcSettings settings = TestDatabase.freshSettings();
  private final Database database = Database.open(settings);
  private final GoodputStore goodput = database.goodput();
  private final String environment = database.environments().register("{\"threads\": 2}");

  GoodputTest() throws SQLException {
    List<NewStage> stages =
        List.of(
            new NewStage("a", "pretrain", 1, "{}", Map.of()),
            new NewStage("b", "evaluate", 1, "{}", Map.of()));
    database
        .experiments()
        .register(
            new NewExperiment(
                "exp1",
                "quick",
                "digest",
                "{}",
                "yaml",
                List.of(
                    new NewRun("run1", "one", "one", 1, "{}", stages),
                    new NewRun("run2", "two", "two", 1, "{}", stages))));
    sql("UPDATE run SET created_at = now() - interval '100 s'");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatStagesDoAtTheSameTimeCountsOnceByPrecedence() throws SQLException {
    // Seconds after the run's creation:  a: useful 10-30, saving 30-40, lost 40-50
    //                                    b: saving 20-35, failed 45-60
    Claim a = attempt("a", "run1", 10);
    goodput.write(
        a,
        List.of(
            segment(0, Kind.KEPT, 0, 20),
            segment(1, Kind.SAVING, 20, 30),
            segment(2, Kind.WORK, 30, 40)));
    Claim b = attempt("b", "run1", 20);
    goodput.write(b, List.of(segment(0, Kind.SAVING, 0, 15), segment(1, Kind.WORK, 25, 40)));
    database.stages().fail(a, "INFRASTRUCTURE", "gone");
    database.stages().fail(b, "NUMERIC", "NaN");
    ended("run1", RunStatus.FAILED, 80);

    GoodputRow row = goodput.of("run1").orElseThrow();
    assertEquals(20, row.useful(), EXACT);
    assertEquals(10, row.redone(), EXACT);
    assertEquals(10, row.saving(), EXACT);
    assertEquals(10, row.failed(), EXACT);
    assertEquals(30, row.waiting(), EXACT);
    assertEquals(80, row.wall(), EXACT);
    assertEquals(80, sum(row), EXACT);
    assertEquals(0.25, row.goodput(), EXACT);
    assertEquals(0.25, number("SELECT goodput FROM v_goodput WHERE run_id = 'run1'"), EXACT);
  }

  @Test
  void aSharedStageCountsForTheRunThatExecutedIt() throws SQLException {
    Claim a = attempt("a", "run1", 0);
    goodput.write(a, List.of(segment(0, Kind.KEPT, 0, 40)));
    database.stages().complete(a, new Completion("d", 1, "p", "pretrain", "{}"));
    ended("run1", RunStatus.DONE, 50);
    ended("run2", RunStatus.DONE, 60);
    assertEquals(40, goodput.of("run1").orElseThrow().useful(), EXACT);
    GoodputRow other = goodput.of("run2").orElseThrow();
    assertEquals(0, other.useful(), EXACT);
    assertEquals(60, other.waiting(), EXACT);
    assertEquals(60, other.wall(), EXACT);
  }

  @Test
  void workOfALiveAttemptIsUsefulUntilItsLeaseRunsOut() throws SQLException {
    Claim a = attempt("a", "run1", 0);
    goodput.write(a, List.of(segment(0, Kind.WORK, 0, 40)));
    assertEquals(40, goodput.of("run1").orElseThrow().useful(), EXACT);
    sql("UPDATE stage SET lease_expires_at = now() - interval '1 s' WHERE key = 'a'");
    GoodputRow dead = goodput.of("run1").orElseThrow();
    assertEquals(0, dead.useful(), EXACT);
    assertEquals(40, dead.failed(), EXACT);
    assertTrue(dead.wall() >= 100, dead.toString());
    assertEquals(dead.wall(), sum(dead), EXACT);
  }

  @Test
  void aResumedTrainingSettlesWhatTheDeadOneCouldNotSay() throws SQLException {
    Claim first = attempt("a", "run1", 0);
    goodput.write(
        first,
        List.of(
            step(0, Kind.KEPT, 0, 10, 0),
            segment(1, Kind.SAVING, 10, 11),
            // Its checkpoint of step 40 was whole, but it died before it could say so.
            step(2, Kind.WORK, 11, 20, 20),
            step(3, Kind.WORK, 20, 26, 40)));
    database.stages().reclaimDead("here", owner -> true);
    Claim second = attempt("a", "run1", 30);
    assertEquals(6, goodput.resumed(second, 40), EXACT);
    goodput.write(second, List.of(step(0, Kind.WORK, 0, 8, 40)));
    GoodputRow row = goodput.of("run1").orElseThrow();
    assertEquals(10 + 9 + 8, row.useful(), EXACT);
    assertEquals(6, row.redone(), EXACT);
    assertEquals(1, row.saving(), EXACT);

    // The newest checkpoint is found damaged, and the one before is taken: more is lost.
    database.stages().reclaimDead("here", owner -> true);
    Claim third = attempt("a", "run1", 50);
    assertEquals(9 + 8, goodput.resumed(third, 20), EXACT);
    goodput.write(third, List.of(step(0, Kind.WORK, 0, 5, 20)));
    GoodputRow again = goodput.of("run1").orElseThrow();
    assertEquals(10 + 5, again.useful(), EXACT);
    assertEquals(9 + 6 + 8, again.redone(), EXACT);
    assertEquals(
        List.of(Kind.KEPT, Kind.SAVING, Kind.LOST, Kind.LOST),
        goodput.segments("a", 1).stream().map(TimeSegment::kind).toList());

    // What was lost once stays lost, however far the training comes.
    database.stages().reclaimDead("here", owner -> true);
    Claim fourth = attempt("a", "run1", 70);
    assertEquals(0, goodput.resumed(fourth, 60), EXACT);
    assertEquals(9 + 6 + 8, goodput.of("run1").orElseThrow().redone(), EXACT);
  }

  @Test
  void workGivenBackUndoneIsRedoneAndSoIsAThrownAwayArtifact() throws SQLException {
    Claim back = attempt("b", "run1", 0);
    goodput.write(back, List.of(segment(0, Kind.WORK, 0, 7)));
    database.stages().release(back, "paused");
    assertEquals(7, goodput.of("run1").orElseThrow().redone(), EXACT);

    Claim whole = attempt("b", "run1", 10);
    goodput.write(whole, List.of(segment(0, Kind.KEPT, 0, 7)));
    database.stages().complete(whole, new Completion("d", 1, "p", "evaluate", "{}"));
    assertEquals(7, goodput.of("run1").orElseThrow().useful(), EXACT);
    database.stages().reopen("b", "a byte is wrong");
    GoodputRow row = goodput.of("run1").orElseThrow();
    assertEquals(0, row.useful(), EXACT);
    assertEquals(14, row.redone(), EXACT);
  }

  @Test
  void whatADeadAttemptPublishedIsUseful() throws SQLException {
    Claim dead = attempt("b", "run1", 0);
    goodput.write(dead, List.of(segment(0, Kind.WORK, 0, 7)));
    database.stages().reclaimDead("here", owner -> true);
    assertEquals(7, goodput.of("run1").orElseThrow().failed(), EXACT);
    goodput.adopted(attempt("b", "run1", 10), 1);
    assertEquals(7, goodput.of("run1").orElseThrow().useful(), EXACT);
  }

  @Test
  void aDoneRunWaitsForNothingAFailedOneDoes() throws SQLException {
    ended("run1", RunStatus.DONE, 40);
    ended("run2", RunStatus.FAILED, 40);
    for (String run : List.of("run1", "run2")) {
      database.experiments().runStatus(run, RunStatus.RUNNING, null, null);
      database.experiments().runStatus(run, RunStatus.DONE, null, null);
    }
    assertEquals(40, goodput.of("run1").orElseThrow().wall(), 5);
    assertTrue(goodput.of("run2").orElseThrow().wall() >= 100);
    assertEquals(0, number("SELECT count(*) FROM run_rest WHERE run_id = 'run2'"), EXACT);
  }

  @Test
  void aWorkerThatLostItsClaimAccountsForNothing() {
    Claim zombie = database.stages().claim("a", OWNER, LEASE, environment).claim().orElseThrow();
    database.stages().claim("a", OWNER, LEASE, environment);
    List<TimeSegment> segments = List.of(segment(0, Kind.WORK, 0, 1));
    assertThrows(FencedException.class, () -> goodput.write(zombie, segments));
    assertThrows(FencedException.class, () -> goodput.began(zombie, "run1"));
    assertThrows(FencedException.class, () -> goodput.resumed(zombie, 5));
    assertThrows(FencedException.class, () -> goodput.adopted(zombie, 1));
  }

  @Test
  void aRunOfAVersionThatDidNotMeasureHasNoGoodput() throws SQLException {
    sql("UPDATE run SET timed = false WHERE id = 'run1'");
    assertEquals(Optional.empty(), goodput.of("run1"));
    assertTrue(goodput.of("run2").isPresent());
  }

  @Test
  void aLongTrainingIsSummedQuickly() throws SQLException {
    Claim a = attempt("a", "run1", 0);
    sql("UPDATE attempt SET started_at = now() - interval '100 s'");
    sql(
        """
        INSERT INTO attempt_segment (stage_key, attempt, ordinal, kind, began_s, ended_s)
        SELECT 'a', 1, i, CASE WHEN i % 10 = 9 THEN 'SAVING' ELSE 'KEPT' END,
               i * 0.001, (i + 1) * 0.001
          FROM generate_series(0, 49999) i""");
    long began = System.nanoTime();
    GoodputRow row = goodput.of("run1").orElseThrow();
    long milliseconds = (System.nanoTime() - began) / 1_000_000;
    assertEquals(45, row.useful(), 1e-3);
    assertEquals(5, row.saving(), 1e-3);
    assertEquals(row.wall(), sum(row), EXACT);
    assertTrue(milliseconds < 5000, a.key() + " took " + milliseconds + " ms");
  }

  private Claim attempt(String stage, String run, double startedAfter) throws SQLException {
    Claim claim = database.stages().claim(stage, OWNER, LEASE, environment).claim().orElseThrow();
    goodput.began(claim, run);
    sql(
        """
        UPDATE attempt a SET started_at = r.created_at + interval '%s s' FROM run r
         WHERE r.id = '%s' AND a.stage_key = '%s' AND a.attempt = %d"""
            .formatted(startedAfter, run, stage, claim.attempt()));
    return claim;
  }

  private void ended(String run, RunStatus status, double after) throws SQLException {
    database.experiments().runStatus(run, status, null, null);
    sql(
        "UPDATE run SET finished_at = created_at + interval '%s s' WHERE id = '%s'"
            .formatted(after, run));
  }

  private static TimeSegment segment(int ordinal, Kind kind, double began, double ended) {
    return new TimeSegment(ordinal, kind, began, ended, OptionalLong.empty());
  }

  private static TimeSegment step(int ordinal, Kind kind, double began, double ended, long step) {
    return new TimeSegment(ordinal, kind, began, ended, OptionalLong.of(step));
  }

  private static double sum(GoodputRow row) {
    return row.useful() + row.redone() + row.saving() + row.waiting() + row.failed();
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection = connect();
        Statement execution = connection.createStatement()) {
      execution.execute(statement);
    }
  }

  private double number(String query) throws SQLException {
    try (Connection connection = connect();
        Statement execution = connection.createStatement();
        ResultSet row = execution.executeQuery(query)) {
      assertTrue(row.next());
      return row.getDouble(1);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        settings.url(), settings.user().orElse(null), settings.password().orElse(null));
  }
}
