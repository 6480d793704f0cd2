package dev.pawl.activities.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.protocol.StageCancelledException;
import dev.pawl.db.Database;
import dev.pawl.db.MetricPoint;
import dev.pawl.db.SkippedRangeRow;
import dev.pawl.db.StageStatus;
import dev.pawl.db.TestDatabase;
import dev.pawl.model.config.AnomalyAction;
import dev.pawl.model.config.AnomalyConfig;
import dev.pawl.model.config.TrainingConfig;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings that meet what no training should meet, interrupted anywhere. */
class AnomalyStageTest {
  private static final int STEPS = 95;
  private static final Set<Integer> NOISE = Set.of(17, 60, 111, 150, 191, 230, 231, 300, 340, 377);
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
  void aSpikeIsLeftOutAndAnInterruptedTrainingLeavesOutTheSame() throws IOException {
    AnomalyConfig skip = spikes(AnomalyAction.SKIP, 10);
    TrainingRun straight = run(skip);
    straight.attempt();
    List<SkippedRangeRow> ranges = ranges(straight);
    assertFalse(ranges.isEmpty());
    for (SkippedRangeRow range : ranges) {
      assertEquals("SKIP", range.action());
      assertEquals("LOSS_SPIKE", range.reason());
      assertEquals(4, range.samples());
      assertEquals(range.step() * 4, range.firstSample());
      assertEquals(range.step() + 1, range.failedStep());
      assertTrue(
          points(straight, "train_loss").stream()
              .noneMatch(point -> point.step() == range.failedStep()));
    }
    assertEquals(STEPS - ranges.size(), points(straight, "train_loss").size());
    interruptedAnywhere(straight, skip);
  }

  @Test
  void aTrainingGoesBackAndAnInterruptedOneGoesBackAlike() throws IOException {
    AnomalyConfig rewind = spikes(AnomalyAction.REWIND, 10);
    TrainingRun straight = run(rewind);
    straight.attempt();
    List<SkippedRangeRow> ranges = ranges(straight);
    assertFalse(ranges.isEmpty());
    long passedOver = 0;
    for (SkippedRangeRow range : ranges) {
      assertEquals("REWIND", range.action());
      assertEquals(0, range.step() % 10);
      assertEquals(range.step() * 4 + passedOver, range.firstSample());
      assertEquals((range.failedStep() - range.step()) * 4, range.samples());
      passedOver += range.samples();
    }
    assertEquals(STEPS, points(straight, "train_loss").size());
    assertEquals(
        STEPS * 4 + passedOver,
        database.checkpoints().of(straight.key()).stream()
            .mapToLong(row -> row.consumedSamples())
            .max()
            .orElseThrow());
    Replay.Result again =
        new Replay(database, straight.home())
            .run(
                database.stages().find(straight.key()).orElseThrow(),
                new ReplayRequest(STEPS, ReplayRequest.START, 1));
    assertEquals("", again.difference());
    assertEquals(STEPS, again.steps());
    interruptedAnywhere(straight, rewind);
  }

  @Test
  void whatIsNoNumberEndsTheTrainingAfterSomeTries() throws IOException {
    for (AnomalyAction action : List.of(AnomalyAction.SKIP, AnomalyAction.REWIND)) {
      AnomalyConfig nan = new AnomalyConfig(action, AnomalyAction.IGNORE, 0, 20, 0, 10, 3);
      // A rate at which weights overflow within a few steps.
      TrainingRun run = new TrainingRun(database, home(), training(nan, 1e38), Set.of());
      ApplicationFailure failure = assertThrows(ApplicationFailure.class, run::attempt);
      assertEquals("NUMERIC", failure.getType());
      assertTrue(
          failure.getOriginalMessage().contains("3 ranges of samples were left out before"),
          failure.getOriginalMessage());
      List<SkippedRangeRow> ranges = ranges(run);
      assertEquals(3, ranges.size());
      for (SkippedRangeRow range : ranges) {
        assertEquals(action.name(), range.action());
        assertTrue(range.reason().endsWith("_NOT_FINITE"));
        assertFalse(Double.isFinite(range.value()));
      }
    }
  }

  @Test
  void stopIsWhatHappensWhereNothingIsSaid() throws IOException {
    TrainingRun run =
        new TrainingRun(database, home(), training(AnomalyConfig.DEFAULT, 1e38), Set.of());
    ApplicationFailure failure = assertThrows(ApplicationFailure.class, run::attempt);
    assertEquals("NUMERIC", failure.getType());
    assertTrue(failure.getOriginalMessage().contains("lower learning_rate"));
    assertEquals(List.of(), ranges(run));
  }

  // Killed without a save, or stopped with one, again and again, at places drawn by chance.
  private void interruptedAnywhere(TrainingRun straight, AnomalyConfig anomalies)
      throws IOException {
    for (int seed = 0; seed < 2; seed++) {
      Random random = new Random(seed);
      TrainingRun run = run(anomalies);
      int interruptions = 0;
      while (run.row().status() != StageStatus.DONE) {
        boolean last = interruptions >= 8;
        int[] left = {last ? Integer.MAX_VALUE : 1 + random.nextInt(35)};
        boolean saves = random.nextBoolean();
        run.atStep(
            step -> {
              if (--left[0] == 0) {
                throw saves
                    ? new StageCancelledException("stop", null)
                    : new IllegalStateException("killed");
              }
            });
        try {
          run.attempt();
        } catch (ApplicationFailure | io.temporal.client.ActivityCanceledException interrupted) {
          interruptions++;
        }
      }
      assertTrue(interruptions > 2);
      assertEquals(straight.row().resultJson(), run.row().resultJson(), "seed " + seed);
      assertEquals(straight.metrics(), run.metrics(), "seed " + seed);
      assertEquals(ranges(straight), ranges(run), "seed " + seed);
      assertEquals(List.of(), database.findings().of(run.key()), "seed " + seed);
    }
  }

  private static List<SkippedRangeRow> ranges(TrainingRun run) {
    return database.skippedRanges().of(run.key());
  }

  private static List<MetricPoint> points(TrainingRun run, String name) {
    return database.metrics().curve(run.key(), name);
  }

  private TrainingRun run(AnomalyConfig anomalies) throws IOException {
    return new TrainingRun(database, home(), training(anomalies, 1e-2), NOISE);
  }

  private Path home() throws IOException {
    return Files.createDirectories(folder.resolve("home-" + homes++));
  }

  private static AnomalyConfig spikes(AnomalyAction action, int rewindSteps) {
    return new AnomalyConfig(AnomalyAction.STOP, action, 2.5, 10, 0, rewindSteps, 20);
  }

  private static TrainingConfig training(AnomalyConfig anomalies, double learningRate) {
    return TrainingRun.recipe(
        Map.of("numTrainSteps", STEPS, "learningRate", learningRate, "anomalies", anomalies));
  }
}
