package dev.pawl.activities.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.StageActivities;
import dev.pawl.activities.StageOutcome;
import dev.pawl.db.AttemptRow;
import dev.pawl.db.ClaimResult;
import dev.pawl.db.Database;
import dev.pawl.db.Owner;
import dev.pawl.db.StageStatus;
import dev.pawl.db.TestDatabase;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import io.temporal.client.ActivityCanceledException;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageProtocolTest {
  private static Database database;

  @TempDir Path home;

  @BeforeAll
  static void open() {
    database = TestDatabase.fresh();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void aFinishedStageIsReusedWithoutRunning() {
    OneStage stage = new OneStage(database, home);
    AtomicInteger executions = new AtomicInteger();
    OneStage.Body body =
        context -> {
          executions.incrementAndGet();
          Files.writeString(context.output().resolve("letter.txt"), "hello");
        };

    StageOutcome first = stage.run(body);
    StageOutcome second = stage.run(body);

    assertFalse(first.reused());
    assertTrue(second.reused());
    assertEquals(first.digest(), second.digest());
    assertEquals(1, executions.get());
    assertEquals(StageStatus.DONE, stage.row().status());
  }

  @Test
  void aDamagedArtifactIsNoticedAndMadeAgain() throws IOException {
    OneStage stage = new OneStage(database, home);
    OneStage.Body body =
        context -> Files.writeString(context.output().resolve("letter.txt"), "hello");
    StageOutcome first = stage.run(body);
    Path letter = stage.artifact().resolve("letter.txt");
    Files.writeString(letter, "jello");

    StageOutcome second = stage.run(body);

    assertFalse(second.reused());
    assertEquals(first.digest(), second.digest());
    assertEquals("hello", Files.readString(letter));
  }

  @Test
  void aFailureIsRecordedWithItsCauseAndNotRetried() {
    OneStage stage = new OneStage(database, home);

    ApplicationFailure failure =
        assertThrows(
            ApplicationFailure.class,
            () ->
                stage.run(
                    context -> {
                      throw new PawlException(FailureCause.NUMERIC, "loss is NaN at step 7");
                    }));

    assertEquals("NUMERIC", failure.getType());
    assertTrue(failure.isNonRetryable());
    assertEquals(StageStatus.FAILED, stage.row().status());
    AttemptRow attempt = lastAttempt(stage);
    assertEquals(Optional.of("NUMERIC"), attempt.cause());
    assertEquals(Optional.of("loss is NaN at step 7"), attempt.message());
  }

  @Test
  void aFullDiskIsExplainedAndWaitsForSomebody() {
    OneStage stage = new OneStage(database, home);

    ApplicationFailure failure =
        assertThrows(
            ApplicationFailure.class,
            () ->
                stage.run(
                    context -> {
                      throw new IOException("No space left on device");
                    }));

    assertEquals("INFRASTRUCTURE", failure.getType());
    assertTrue(failure.isNonRetryable());
    assertTrue(failure.getOriginalMessage().contains("the disk is full"));
  }

  @Test
  void anInterruptedStageMaySaveBeforeItStops() throws IOException {
    OneStage stage = new OneStage(database, home);
    Path saved = home.resolve("saved.txt");

    assertThrows(
        ApplicationFailure.class,
        () ->
            stage.run(
                context -> {
                  Thread.currentThread().interrupt();
                  StageCancelledException stop =
                      assertThrows(StageCancelledException.class, context::check);
                  // A channel closes itself under an interrupted thread.
                  try (FileChannel channel =
                      FileChannel.open(
                          saved, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.wrap(new byte[] {1}));
                    channel.force(true);
                  }
                  assertThrows(StageCancelledException.class, context::check);
                  throw stop;
                }));

    assertEquals(1, Files.size(saved));
    assertEquals(StageStatus.PENDING, stage.row().status());
    assertEquals(Optional.of("RELEASED"), lastAttempt(stage).outcome());
  }

  @Test
  void theTwentiethInfrastructureFailureEndsTheRetries() {
    OneStage stage = new OneStage(database, home);
    OneStage.Body body =
        context -> {
          throw new IOException("the network is away");
        };

    for (int attempt = 1; attempt < Endings.MAX_INFRASTRUCTURE_ATTEMPTS; attempt++) {
      assertFalse(assertThrows(ApplicationFailure.class, () -> stage.run(body)).isNonRetryable());
    }

    assertTrue(assertThrows(ApplicationFailure.class, () -> stage.run(body)).isNonRetryable());
  }

  @Test
  void aZombieIsFencedAndPublishesNothing() {
    OneStage stage = new OneStage(database, home);
    Owner rival = Owner.ofThisProcess("rival");

    ApplicationFailure failure =
        assertThrows(
            ApplicationFailure.class,
            () ->
                stage.run(
                    context -> {
                      Files.writeString(context.output().resolve("letter.txt"), "zombie");
                      takeOver(stage, rival);
                      while (true) {
                        context.progress(StageProgress.of("naps", 1, 0));
                        Thread.sleep(10);
                      }
                    }));

    assertEquals(StageActivities.BUSY, failure.getType());
    assertFalse(failure.isNonRetryable());
    assertFalse(Files.exists(stage.artifact()));
    assertEquals(StageStatus.RUNNING, stage.row().status());
    assertEquals(Optional.of(rival.id()), stage.row().ownerId());
  }

  @Test
  void aZombieThatNeverLooksIsFencedBeforeItPublishes() {
    OneStage stage = new OneStage(database, home);

    ApplicationFailure failure =
        assertThrows(
            ApplicationFailure.class,
            () -> stage.run(context -> takeOver(stage, Owner.ofThisProcess("rival"))));

    assertEquals(StageActivities.BUSY, failure.getType());
    assertFalse(Files.exists(stage.artifact()));
  }

  @Test
  void aCancelledStageGivesItsClaimBack() throws IOException {
    OneStage stage = new OneStage(database, home);

    assertThrows(
        ActivityCanceledException.class,
        () ->
            stage.run(
                context -> {
                  Files.writeString(context.work().resolve("step-3"), "kept");
                  while (true) {
                    context.progress(StageProgress.of("naps", 1, 0));
                    Thread.sleep(10);
                  }
                },
                () -> {
                  throw new ActivityCanceledException();
                }));

    assertEquals(StageStatus.PENDING, stage.row().status());
    assertFalse(
        stage.run(context -> assertTrue(Files.exists(context.work().resolve("step-3")))).reused());
  }

  @Test
  void whatADeadAttemptLeftIsRemovedAtTheNextClaim() throws IOException {
    OneStage stage = new OneStage(database, home);
    assertThrows(
        ApplicationFailure.class,
        () ->
            stage.run(
                context -> {
                  Files.writeString(context.output().resolve("half"), "hal");
                  throw new IOException("cut");
                }));

    stage.run(context -> Files.writeString(context.output().resolve("whole"), "whole"));

    try (Stream<Path> folders = Files.list(stage.artifact().getParent())) {
      assertEquals(List.of(stage.artifact()), folders.toList());
    }
    assertFalse(Files.exists(stage.artifact().resolve("half")));
  }

  private static void takeOver(OneStage stage, Owner rival) {
    database.stages().reclaimDead(rival.host(), owner -> true);
    ClaimResult result =
        database.stages().claim(stage.key(), rival, Duration.ofMinutes(1), environment());
    assertEquals(ClaimResult.Outcome.CLAIMED, result.outcome());
  }

  private static String environment() {
    return database.environments().register("{}");
  }

  private static AttemptRow lastAttempt(OneStage stage) {
    List<AttemptRow> attempts = database.experiments().attemptsOf(stage.key());
    return attempts.get(attempts.size() - 1);
  }
}
