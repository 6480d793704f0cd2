package dev.pawl.activities.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.Database;
import dev.pawl.db.TestDatabase;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import io.temporal.failure.ApplicationFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

/** What those who watch an attempt are told, and what its log says. */
class AttemptObserverTest {
  @TempDir Path home;
  private Database database;
  private OneStage stage;

  @BeforeEach
  void open() {
    database = TestDatabase.fresh();
    stage = new OneStage(database, home);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void anAttemptIsWatchedFromItsClaimToItsEnd() {
    Recorder recorder = new Recorder();
    stage.run(context -> Thread.sleep(60), () -> {}, recorder);
    assertEquals(
        List.of("attempt 1", "EXECUTE begins", "EXECUTE", "PUBLISH begins", "PUBLISH", "DONE "),
        recorder.events);
    Attempt attempt = recorder.attempts.get(0);
    assertEquals(stage.runId(), attempt.runId());
    assertEquals(stage.key(), attempt.key());
    assertEquals("report", attempt.kind());
    assertEquals("only", attempt.runName());
    // The request of these tests is a minute old.
    assertTrue(recorder.waited.toSeconds() >= 59, recorder.waited.toString());
    assertTrue(recorder.seconds.get(TimeUse.WORK) > 0.05, recorder.seconds.toString());
    assertTrue(recorder.seconds.get(TimeUse.SAVING) > 0, recorder.seconds.toString());
    assertFalse(recorder.seconds.containsKey(TimeUse.LOST), recorder.seconds.toString());
  }

  @Test
  void aFailureIsToldWithItsCauseAndTheNextAttemptHasTheNextNumber() {
    Recorder recorder = new Recorder();
    assertThrows(
        ApplicationFailure.class,
        () ->
            stage.run(
                context -> {
                  throw new PawlException(FailureCause.DATA, "a letter is missing");
                },
                () -> {},
                recorder));
    stage.run(context -> {}, () -> {}, recorder);
    assertEquals(
        List.of("attempt 1", "FAILED DATA", "attempt 2", "DONE "),
        recorder.events.stream()
            .filter(event -> !event.contains("EXECUTE") && !event.contains("PUBLISH"))
            .toList());
  }

  @Test
  void whoCannotWatchKeepsNobodyFromWorking() {
    ProgressListener broken =
        new ProgressListener() {
          @Override
          public AttemptObserver attempt(Attempt attempt, Duration waited, Duration claiming) {
            throw new IllegalStateException("out of ink");
          }
        };
    assertFalse(stage.run(context -> {}, () -> {}, broken).reused());
  }

  @Test
  void everyThreadOfAnAttemptSaysInItsLogWhichAttemptItIs() throws Exception {
    Map<String, Map<String, String>> fields = new ConcurrentHashMap<>();
    CountDownLatch beaten = new CountDownLatch(1);
    MDC.put("before", "kept");
    try {
      stage.run(
          context -> {
            fields.put("body", MDC.getCopyOfContextMap());
            Thread other =
                new Thread(
                    LogFields.carried(() -> fields.put("thread", MDC.getCopyOfContextMap())));
            other.start();
            other.join();
            assertTrue(beaten.await(10, TimeUnit.SECONDS), "a heartbeat");
          },
          () -> {
            fields.put("lease", Optional.ofNullable(MDC.getCopyOfContextMap()).orElse(Map.of()));
            beaten.countDown();
          },
          new Recorder());
      assertEquals(Map.of("before", "kept"), MDC.getCopyOfContextMap());
    } finally {
      MDC.clear();
    }
    for (String thread : List.of("body", "thread", "lease")) {
      Map<String, String> said = fields.get(thread);
      assertEquals(stage.runId(), said.get(LogFields.RUN), thread);
      assertEquals("1", said.get(LogFields.ATTEMPT), thread);
      assertEquals("report", said.get(LogFields.STAGE), thread);
      assertEquals("7", said.get("trace"), thread);
    }
  }

  /** Writes down what it is told. */
  private static final class Recorder implements ProgressListener, AttemptObserver {
    private final List<String> events = new ArrayList<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private final Map<TimeUse, Double> seconds = new EnumMap<>(TimeUse.class);
    private Duration waited = Duration.ZERO;

    @Override
    public AttemptObserver attempt(Attempt attempt, Duration before, Duration claiming) {
      events.add("attempt " + attempt.number());
      attempts.add(attempt);
      waited = before;
      return this;
    }

    @Override
    public <T, X extends Exception> T during(AttemptPhase phase, Work<T, X> work) throws X {
      events.add(phase + " begins");
      T result = work.run();
      events.add(phase.toString());
      return result;
    }

    @Override
    public synchronized void spent(TimeUse use, double more) {
      seconds.merge(use, more, Double::sum);
    }

    @Override
    public void ended(AttemptEnd end, String cause) {
      events.add(end + " " + cause);
    }

    @Override
    public Map<String, String> logFields() {
      return Map.of("trace", "7");
    }
  }
}
