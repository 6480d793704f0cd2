package dev.pawl.activities.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.StageOutcome;
import dev.pawl.activities.StageRequest;
import dev.pawl.db.AttemptRow;
import dev.pawl.db.Database;
import dev.pawl.db.NewExperiment;
import dev.pawl.db.NewRun;
import dev.pawl.db.NewStage;
import dev.pawl.db.RunStatus;
import dev.pawl.db.TestDatabase;
import dev.pawl.db.Wish;
import dev.pawl.experiments.plan.StageKind;
import io.temporal.failure.ApplicationFailure;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that measures the time of one run does nothing of another run meanwhile. */
class QuietMeasurementTest {
  private static final long PATIENCE_SECONDS = 60;

  @TempDir Path home;
  private final Database database = TestDatabase.fresh();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final CountDownLatch waits = new CountDownLatch(1);
  private StageProtocol protocol;

  @BeforeEach
  void start() {
    for (StageKind kind : List.of(StageKind.GENERATION, StageKind.TOKENIZE)) {
      NewStage stage = new NewStage(key(kind), kind.id(), kind.version(), "{}", Map.of());
      NewRun run = new NewRun("run-" + kind, "only", "none", 0, "{}", List.of(stage));
      database
          .experiments()
          .register(new NewExperiment("of-" + kind, kind.id(), "digest", "{}", "", List.of(run)));
      database.experiments().runStatus("run-" + kind, RunStatus.RUNNING, null, null);
    }
    protocol =
        StageProtocol.start(
            database,
            home,
            List.of(new Held(StageKind.GENERATION), new Held(StageKind.TOKENIZE)),
            ProgressListener.NONE,
            "test",
            Map.of());
  }

  @AfterEach
  void end() {
    goOn.countDown();
    threads.shutdownNow();
    database.close();
  }

  @Test
  void dataOfAnotherRunWaitsForTheMeasurement() throws Exception {
    oneAfterTheOther(StageKind.GENERATION, StageKind.TOKENIZE);
  }

  @Test
  void theMeasurementWaitsForDataOfAnotherRun() throws Exception {
    oneAfterTheOther(StageKind.TOKENIZE, StageKind.GENERATION);
  }

  @Test
  void aMeasurementThatWaitsObeysItsOperator() throws Exception {
    Future<StageOutcome> data = threads.submit(() -> perform(StageKind.TOKENIZE, () -> {}));
    await(entered);
    assertTrue(database.controls().wish("run-" + StageKind.GENERATION, Wish.STOP));

    ApplicationFailure stopped =
        assertThrows(ApplicationFailure.class, () -> perform(StageKind.GENERATION, () -> {}));

    assertEquals("STOPPED", stopped.getType());
    assertFalse(data.isDone());
    goOn.countDown();
    assertFalse(data.get(PATIENCE_SECONDS, TimeUnit.SECONDS).reused());
  }

  private void oneAfterTheOther(StageKind first, StageKind second) throws Exception {
    Future<StageOutcome> one = threads.submit(() -> perform(first, () -> {}));
    await(entered);
    Future<StageOutcome> other = threads.submit(() -> perform(second, waits::countDown));
    await(waits);
    assertEquals(List.of(), database.experiments().attemptsOf(key(second)));

    goOn.countDown();

    assertFalse(one.get(PATIENCE_SECONDS, TimeUnit.SECONDS).reused());
    assertFalse(other.get(PATIENCE_SECONDS, TimeUnit.SECONDS).reused());
    AttemptRow before = database.experiments().attemptsOf(key(first)).get(0);
    AttemptRow after = database.experiments().attemptsOf(key(second)).get(0);
    assertFalse(after.startedAt().isBefore(before.finishedAt().orElseThrow()));
  }

  private StageOutcome perform(StageKind kind, Heartbeat heartbeat) {
    StageRequest request = new StageRequest("of-" + kind, "run-" + kind, key(kind));
    return protocol.run(kind, request, heartbeat, Instant.now());
  }

  private static String key(StageKind kind) {
    return kind.id().substring(0, 8).repeat(8);
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertTrue(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  /** The configuration of a stage that has none. */
  record Nothing() {}

  /** Says that it is there and goes on when it may. */
  private final class Held implements Stage<Nothing> {
    private final StageKind kind;

    Held(StageKind kind) {
      this.kind = kind;
    }

    @Override
    public Class<Nothing> configType() {
      return Nothing.class;
    }

    @Override
    public StageKind kind() {
      return kind;
    }

    @Override
    public StageResult execute(Nothing config, StageContext context) throws Exception {
      entered.countDown();
      await(goOn);
      return new StageResult("{}");
    }
  }
}
