package dev.pawl.activities.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.StageActivities;
import dev.pawl.activities.StageOutcome;
import dev.pawl.db.Claim;
import dev.pawl.db.Database;
import dev.pawl.db.Owner;
import dev.pawl.db.StageStatus;
import dev.pawl.db.TestDatabase;
import io.temporal.failure.ApplicationFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a claim changes hands, and when it must not. */
class TakeOverTest {
  private static final OneStage.Body LETTER =
      context -> Files.writeString(context.output().resolve("letter.txt"), "hello");

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
  void whatADeadProcessOfThisHostHeldIsTakenBeforeItsLeaseEnds() throws Exception {
    OneStage stage = new OneStage(database, home);
    Process ended = new ProcessBuilder("true").start();
    Instant start = ended.info().startInstant().orElse(Instant.now());
    assertEquals(0, ended.waitFor());
    held(stage, new Owner(Owner.hostName(), ended.pid(), start, "dead"));

    assertFalse(stage.run(LETTER).reused());

    assertEquals(StageStatus.DONE, stage.row().status());
    assertEquals(2, stage.row().attempt());
  }

  @Test
  void whatAProcessElsewhereHoldsIsWaitedFor() {
    OneStage stage = new OneStage(database, home);
    held(stage, new Owner("elsewhere", 1, Instant.EPOCH, "there"));

    ApplicationFailure busy = assertThrows(ApplicationFailure.class, () -> stage.run(LETTER));

    assertEquals(StageActivities.BUSY, busy.getType());
    assertFalse(busy.isNonRetryable());
  }

  @Test
  void aSchedulerThatDoesNotAnswerCostsNoClaim() {
    OneStage stage = new OneStage(database, home);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);

    StageOutcome outcome =
        stage.run(
            context -> {
              assertTrue(asked.await(10, TimeUnit.SECONDS));
              Instant before = stage.row().leaseExpiresAt().orElseThrow();
              while (!stage.row().leaseExpiresAt().orElseThrow().isAfter(before)) {
                context.check();
                Thread.sleep(20);
              }
              LETTER.execute(context);
            },
            () -> silence(asked, answer));

    assertEquals(1, answer.getCount());
    assertFalse(outcome.reused());
    answer.countDown();
  }

  private static void silence(CountDownLatch asked, CountDownLatch answer) {
    asked.countDown();
    try {
      answer.await();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private static void held(OneStage stage, Owner owner) {
    String environment = database.environments().register("{}");
    Claim claim =
        database
            .stages()
            .claim(stage.key(), owner, Duration.ofMinutes(1), environment)
            .claim()
            .orElseThrow();
    assertEquals(1, claim.attempt());
  }
}
