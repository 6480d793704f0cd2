package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StageStoreTest {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final Duration EXPIRED = Duration.ofMillis(-1);
  private static final Owner FIRST = new Owner("here", 1, Instant.EPOCH, "a");
  private static final Owner SECOND = new Owner("here", 2, Instant.EPOCH, "b");

  private final Database database = TestDatabase.fresh();
  private final StageStore stages = database.stages();
  private final String environment = database.environments().register("{\"threads\": 2}");

  StageStoreTest() {
    register();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void claimedStageIsBusyForOthersUntilItIsDone() {
    Claim claim = claim(FIRST, LEASE);
    assertEquals(1, claim.attempt());
    assertEquals(ClaimResult.Outcome.BUSY, stages.claim("k", SECOND, LEASE, environment).outcome());
    stages.complete(claim, new Completion("d", 5, "p", "pretrain", "{\"x\": 1}"));
    ClaimResult after = stages.claim("k", SECOND, LEASE, environment);
    assertEquals(ClaimResult.Outcome.DONE, after.outcome());
    assertEquals(Optional.of("d"), after.row().digest());
    assertEquals("DONE", attempts().get(0).outcome().orElseThrow());
  }

  @Test
  void workerThatLostItsLeaseCannotWriteAnything() {
    Claim zombie = claim(FIRST, EXPIRED);
    Claim heir = claim(SECOND, LEASE);
    assertEquals(2, heir.attempt());
    List<MetricPoint> points = List.of(new MetricPoint(1, "train_loss", 2.0));
    assertThrows(FencedException.class, () -> stages.renew(zombie, LEASE));
    assertThrows(FencedException.class, () -> stages.progress(zombie, "{}"));
    assertThrows(FencedException.class, () -> stages.fail(zombie, "BUG", "m"));
    assertThrows(FencedException.class, () -> stages.release(zombie, "m"));
    assertThrows(
        FencedException.class,
        () -> stages.complete(zombie, new Completion("d", 1, "p", "pretrain", "{}")));
    assertThrows(FencedException.class, () -> database.metrics().append(zombie, points, Set.of()));
    assertThrows(
        FencedException.class,
        () ->
            database
                .checkpoints()
                .record(zombie, new CheckpointRow(1, 1, "s", Optional.empty(), "p", 1)));
    assertThrows(
        FencedException.class,
        () ->
            database
                .evaluations()
                .record(zombie, List.of(new EvaluationRow(3, "t", "1.0", "acc", 1, 0.0, 1))));
    assertThrows(
        FencedException.class,
        () ->
            database
                .generations()
                .record(
                    zombie,
                    new GenerationRow(
                        1, 1, 1, "p", "fp32", 1, 1, List.of(1.0), false, 0, Map.of())));
    assertEquals(List.of(), database.metrics().curve("k", "train_loss"));
    assertEquals("INFRASTRUCTURE", attempts().get(0).cause().orElseThrow());
  }

  @Test
  void progressIsHandedToTheNextAttempt() {
    stages.progress(claim(FIRST, EXPIRED), "{\"done\": 7}");
    assertEquals(Optional.of("{\"done\": 7}"), claim(SECOND, LEASE).progressJson());
  }

  @Test
  void stagesOfDeadOwnersAreFreedAtOnceAndOthersAreNot() {
    claim(FIRST, LEASE);
    assertEquals(0, stages.reclaimDead("elsewhere", owner -> true));
    assertEquals(0, stages.reclaimDead("here", owner -> owner.pid() == 2));
    assertEquals(1, stages.reclaimDead("here", owner -> owner.pid() == 1));
    assertEquals(2, claim(SECOND, LEASE).attempt());
    assertTrue(attempts().get(0).message().orElseThrow().contains("is dead"));
  }

  @Test
  void failureIsStoredWithItsCauseAndTheStageMayBeTriedAgain() {
    stages.fail(claim(FIRST, LEASE), "DATA", "shard 3 is torn");
    AttemptRow attempt = attempts().get(0);
    assertEquals(Optional.of("DATA"), attempt.cause());
    assertEquals(Optional.of("shard 3 is torn"), attempt.message());
    assertEquals(2, claim(SECOND, LEASE).attempt());
  }

  @Test
  void metricThatIsThereStaysAsItWas() {
    Claim claim = claim(FIRST, LEASE);
    database.metrics().append(claim, List.of(new MetricPoint(1, "train_loss", 2.5)), Set.of());
    database
        .metrics()
        .append(
            claim,
            List.of(new MetricPoint(1, "train_loss", 9), new MetricPoint(2, "train_loss", 2.25)),
            Set.of());
    assertEquals(
        List.of(new MetricPoint(1, "train_loss", 2.5), new MetricPoint(2, "train_loss", 2.25)),
        database.metrics().curve("k", "train_loss"));
  }

  @Test
  void resultsShowEverythingOfARun() {
    Claim claim = claim(FIRST, LEASE);
    database
        .metrics()
        .append(
            claim,
            List.of(
                new MetricPoint(1, "train_loss", 3),
                new MetricPoint(2, "train_loss", 2),
                new MetricPoint(2, "valid_loss", 2.1)),
            Set.of());
    database.checkpoints().record(claim, new CheckpointRow(1, 8, "s1", Optional.empty(), "p1", 10));
    database
        .checkpoints()
        .record(claim, new CheckpointRow(2, 16, "s2", Optional.empty(), "p2", 10));
    database
        .evaluations()
        .record(claim, List.of(new EvaluationRow(7, "cloze", "1.0", "acc", 0.5, 0.1, 40)));
    GenerationRow generation =
        new GenerationRow(
            96,
            16,
            8,
            "optimised",
            "fp32",
            123.5,
            1L << 33,
            List.of(1.5, 2.5),
            false,
            0.75,
            Map.of("threads", "2", "load", "0.10"));
    database.generations().record(claim, generation);
    assertEquals(List.of(generation), database.generations().of(claim.key()));
    ResultRow row = database.results().results(Optional.of("quick")).get(0);
    assertEquals("vanilla", row.run());
    assertEquals(Optional.of(2L), row.steps());
    assertEquals(Optional.of(2.0), row.trainLoss());
    assertEquals(Optional.of(2.1), row.validLoss());
    assertEquals(Map.of("cloze", Map.of("acc", 0.5)), row.tasks());
    assertEquals(List.of(generation), row.generation());
    assertEquals("s2", row.checkpoint().orElseThrow().sha256());
    assertEquals(List.of(), database.results().results(Optional.of("other")));
  }

  @Test
  void registeringAgainKeepsWhatIsThere() {
    stages.complete(claim(FIRST, LEASE), new Completion("d", 5, "p", "pretrain", "{}"));
    database.experiments().runStatus("run1", RunStatus.DONE, null, null);
    register();
    RunRow run = database.experiments().findRuns("ru").get(0);
    assertEquals(RunStatus.DONE, run.status());
    assertEquals(1, run.stagesDone());
    assertEquals(1, run.stagesTotal());
  }

  private void register() {
    NewStage stage = new NewStage("k", "pretrain", 1, "{\"a\": 1}", Map.of("tokenize", "t"));
    NewRun run = new NewRun("run1", "vanilla", "vanilla", 1000, "{}", List.of(stage));
    database
        .experiments()
        .register(new NewExperiment("exp1", "quick", "digest", "{}", "yaml", List.of(run)));
  }

  private Claim claim(Owner owner, Duration lease) {
    return stages.claim("k", owner, lease, environment).claim().orElseThrow();
  }

  private List<AttemptRow> attempts() {
    return database.experiments().attemptsOf("k");
  }

  @Test
  void anotherValueComputedLaterIsAFindingAndNotAnOverwrite() {
    Claim claim = claim(FIRST, LEASE);
    MetricPoint loss = new MetricPoint(7, "train_loss", 2.5);
    database.metrics().append(claim, List.of(loss), Set.of());
    database.metrics().append(claim, List.of(loss), Set.of());
    assertEquals(List.of(), database.findings().of(claim.key()));
    List<MetricPoint> other =
        List.of(new MetricPoint(7, "train_loss", Math.nextUp(2.5)), new MetricPoint(8, "t", 1));
    database.metrics().append(claim, other, Set.of("t"));
    database.metrics().append(claim, List.of(new MetricPoint(8, "t", 2)), Set.of("t"));
    List<String> findings = database.findings().of(claim.key());
    assertEquals(1, findings.size());
    assertTrue(findings.get(0).contains("train_loss of step 7 was 2.5 and is 2.50000"));
    assertEquals(List.of(loss), database.metrics().curve(claim.key(), "train_loss"));
  }

  @Test
  void whatWasPassedOverIsFencedAndComparedWhenItIsFoundAgain() {
    Claim zombie = claim(FIRST, EXPIRED);
    Claim claim = claim(SECOND, LEASE);
    SkippedRangeStore ranges = database.skippedRanges();
    SkippedRangeRow first = range("SKIP", 7, 28, Double.NaN);
    assertThrows(FencedException.class, () -> ranges.skip(zombie, first));
    assertThrows(FencedException.class, () -> ranges.rewind(zombie, first));
    ranges.skip(claim, first);
    ranges.skip(claim, first);
    assertEquals(List.of(first), ranges.of(claim.key()));
    assertEquals(List.of(), database.findings().of(claim.key()));
    ranges.skip(claim, range("SKIP", 7, 28, 9.5));
    assertEquals(List.of(first), ranges.of(claim.key()));
    assertEquals(1, database.findings().of(claim.key()).size());
  }

  @Test
  void aTrainingThatGoesBackTakesBackWhatCameAfter() {
    Claim claim = claim(FIRST, LEASE);
    SkippedRangeStore ranges = database.skippedRanges();
    for (long step : new long[] {5, 10, 11}) {
      database
          .metrics()
          .append(claim, List.of(new MetricPoint(step, "train_loss", (double) step)), Set.of());
      CheckpointRow row = new CheckpointRow(step, 4 * step, "s" + step, Optional.empty(), "p", 1);
      database.checkpoints().record(claim, row);
    }
    SkippedRangeRow before = range("SKIP", 9, 36, 8);
    SkippedRangeRow after = range("SKIP", 10, 40, 9);
    ranges.skip(claim, before);
    ranges.skip(claim, after);
    SkippedRangeRow rewind = range("REWIND", 10, 40, 12.5);
    ranges.rewind(claim, rewind);
    ranges.rewind(claim, rewind);
    assertEquals(List.of(before, rewind), ranges.of(claim.key()));
    assertEquals(
        List.of(new MetricPoint(5, "train_loss", 5), new MetricPoint(10, "train_loss", 10)),
        database.metrics().curve(claim.key(), "train_loss"));
    assertEquals(
        List.of(5L, 10L),
        database.checkpoints().of(claim.key()).stream().map(CheckpointRow::step).toList());
  }

  private static SkippedRangeRow range(String action, long step, long first, double value) {
    return new SkippedRangeRow(action, "LOSS_SPIKE", step, step + 2, first, 4, value);
  }
}
