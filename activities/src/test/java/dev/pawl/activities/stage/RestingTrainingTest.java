package dev.pawl.activities.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.StageOutcome;
import dev.pawl.db.AttemptRow;
import dev.pawl.db.Database;
import dev.pawl.db.MetricPoint;
import dev.pawl.db.StageStatus;
import dev.pawl.db.TestDatabase;
import dev.pawl.model.checkpoint.CheckpointStore;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that rests where it is asked to, and goes on from there. */
class RestingTrainingTest {
  private static Database database;

  @TempDir private Path folder = Path.of("");
  private int homes;

  @BeforeAll
  static void open() {
    database = TestDatabase.fresh();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void oneThatRestsOnTheWayEndsWithTheBitsOfTheStraightOne() throws IOException {
    TrainingRun straight = run();
    straight.attempt();
    List<MetricPoint> losses = database.metrics().curve(straight.key(), "valid_loss");

    TrainingRun run = run();
    List<Long> steps = new ArrayList<>();
    run.atStep(steps::add);
    rests(run, run.attempt(5), 5);
    assertEquals(losses.subList(0, 1), database.metrics().curve(run.key(), "valid_loss"));
    run.atStep(
        step -> {
          if (step == 12) {
            throw new IllegalStateException("killed");
          }
        });
    assertThrows(ApplicationFailure.class, () -> run.attempt(15));
    run.atStep(steps::add);
    rests(run, run.attempt(15), 15);
    assertEquals(losses.subList(0, 3), database.metrics().curve(run.key(), "valid_loss"));
    // Asked again, or for less, it has nothing to do.
    steps.clear();
    rests(run, run.attempt(15), 15);
    rests(run, run.attempt(5), 15);
    assertEquals(List.of(), steps);
    StageOutcome done = run.attempt(0);

    assertNotNull(done.digest());
    assertFalse(done.reused());
    assertEquals(StageStatus.DONE, run.row().status());
    // Its step and the digest of weights, moments and position.
    assertEquals(straight.row().resultJson(), run.row().resultJson());
    assertEquals(straight.metrics(), run.metrics());
    assertEquals(weights(straight), weights(run));
    assertEquals(List.of(), database.findings().of(run.key()));
    assertTrue(run.attempt(5).reused());
  }

  @Test
  void aRestAtTheLastStepIsItsEnd() throws IOException {
    TrainingRun run = run();
    assertNotNull(run.attempt(45).digest());
    TrainingRun other = run();
    assertNotNull(other.attempt(1_000_000).digest());
    assertEquals(run.row().resultJson(), other.row().resultJson());
  }

  /** A training that another one has taken further before is asked for an earlier rung. */
  @Test
  void theValueOfARungIsThereAlsoWhereTheTrainingIsFurther() throws IOException {
    TrainingRun run = run();
    rests(run, run.attempt(30), 30);
    rests(run, run.attempt(10), 30);
    assertTrue(
        database.metrics().curve(run.key(), "valid_loss").stream()
            .anyMatch(point -> point.step() == 10));
  }

  private static void rests(TrainingRun run, StageOutcome outcome, long step) {
    assertEquals(StageOutcome.resting(run.key()), outcome);
    assertNull(outcome.digest());
    assertEquals(StageStatus.PENDING, run.row().status());
    List<AttemptRow> attempts = database.experiments().attemptsOf(run.key());
    AttemptRow last = attempts.get(attempts.size() - 1);
    assertEquals(Optional.of("RELEASED"), last.outcome());
    assertEquals(Optional.empty(), last.cause());
    assertEquals(Optional.of("rests after step %d of 45".formatted(step)), last.message());
    assertEquals(
        Optional.of(step),
        database.checkpoints().of(run.key()).stream()
            .filter(row -> row.removed().isEmpty())
            .map(row -> row.step())
            .max(Long::compare));
  }

  private static String weights(TrainingRun run) throws IOException {
    Path checkpoint = run.artifact().resolve("checkpoint-45");
    assertEquals(45, CheckpointStore.verify(checkpoint).step());
    return java.util.HexFormat.of()
        .formatHex(Files.readAllBytes(checkpoint.resolve("model.safetensors")));
  }

  private TrainingRun run() throws IOException {
    Path home = Files.createDirectories(folder.resolve("home-" + homes++));
    return new TrainingRun(
        database,
        home,
        TrainingRun.recipe(Map.of("numTrainSteps", 45, "validSteps", 5, "saveSteps", 0)),
        Set.of());
  }
}
