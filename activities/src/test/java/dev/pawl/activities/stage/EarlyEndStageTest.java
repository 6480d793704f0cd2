package dev.pawl.activities.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.activities.verify.Finding;
import dev.pawl.activities.verify.Verdict;
import dev.pawl.activities.verify.Verification;
import dev.pawl.db.CheckpointRow;
import dev.pawl.db.Database;
import dev.pawl.db.MetricPoint;
import dev.pawl.db.TestDatabase;
import dev.pawl.model.architecture.Costs;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.config.EarlyEndConfig;
import dev.pawl.model.config.LrDecayStyle;
import dev.pawl.model.config.RampupConfig;
import dev.pawl.model.config.ScheduleConfig;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings of other lengths than their steps, and what is measured of them. */
class EarlyEndStageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
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
  void theTrainingLossEndsIt() throws IOException {
    TrainingRun run = run(Map.of("earlyEnd", new EarlyEndConfig(0, 3.5, 0)));
    run.attempt();
    JsonNode result = result(run);
    assertEquals("train_loss", result.path("ended_by").asText());
    long step = result.path("step").asLong();
    assertTrue(step > 1 && step < 120, "step " + step);
    List<MetricPoint> losses = database.metrics().curve(run.key(), "train_loss");
    assertEquals(step, losses.size());
    for (MetricPoint loss : losses) {
      assertEquals(loss.step() == step, loss.value() <= 3.5, loss.toString());
    }
    assertEquals("step %d of 120 by train_loss".formatted(step), end(run));
  }

  @Test
  void theHeldOutLossEndsItAlsoWhereTheProcessDiedBetweenSaveAndEnd() throws IOException {
    TrainingRun run = run(Map.of("earlyEnd", new EarlyEndConfig(0, 0, 3)));
    run.atStep(
        step -> {
          // Asked once more after the last step.
          if (ended(run)) {
            throw new IllegalStateException("killed");
          }
        });
    assertThrows(ApplicationFailure.class, run::attempt);
    assertTrue(ended(run));
    run.atStep(step -> {});
    run.attempt();
    JsonNode result = result(run);
    assertEquals("valid_loss", result.path("ended_by").asText());
    long step = result.path("step").asLong();
    assertEquals(0, step % 15);
    List<MetricPoint> losses = database.metrics().curve(run.key(), "valid_loss");
    assertEquals(step, losses.get(losses.size() - 1).step());
    for (MetricPoint loss : losses) {
      assertEquals(loss.step() == step, loss.value() <= 3, loss.toString());
    }
    assertEquals(List.of(), database.findings().of(run.key()));
  }

  private static boolean ended(TrainingRun run) {
    return database.metrics().curve(run.key(), "valid_loss").stream()
        .anyMatch(point -> point.value() <= 3);
  }

  @Test
  void timeEndsItWithACheckpointAndAWordThatItWasTime() throws IOException {
    TrainingRun run =
        run(Map.of("earlyEnd", new EarlyEndConfig(0.02, 0, 0), "numTrainSteps", 1_000_000));
    run.attempt();
    JsonNode result = result(run);
    assertEquals("max_train_minutes", result.path("ended_by").asText());
    long step = result.path("step").asLong();
    assertTrue(step >= 1 && step < 1_000_000);
    JsonNode lineage =
        CheckpointStore.verify(run.artifact().resolve("checkpoint-" + step)).lineage();
    assertEquals("max_train_minutes", lineage.path("ended_by").asText());
    assertTrue(lineage.path("train_seconds").asDouble() > 0);
    assertTrue(lineage.path("train_seconds").asDouble() < 60);
    assertEquals(
        "step %d of 1000000 by max_train_minutes: a clock decided, another training may end elsewhere"
            .formatted(step),
        end(run));
  }

  @Test
  void aGrowingBatchConsumesWhatItSaysAndEndsWithItsSamples() throws IOException {
    // Per 10 samples one increment: 2 x 5 steps, 4 x 3, 6 x 2, 8 from 34 on.
    Map<String, Object> settings =
        Map.of(
            "totalBatchSize",
            8,
            "numTrainSteps",
            0,
            "numWarmupSteps",
            0,
            "trainSamples",
            100,
            "saveSteps",
            1,
            "rampupBatchSize",
            new RampupConfig(2, 2, 30),
            "schedule",
            ScheduleConfig.DEFAULT.withLrDecayStyle(LrDecayStyle.LINEAR));
    TrainingRun run = run(settings);
    run.attempt();
    List<CheckpointRow> rows = database.checkpoints().of(run.key());
    List<Long> consumed = rows.stream().map(CheckpointRow::consumedSamples).toList();
    assertEquals(
        List.of(
            2L, 4L, 6L, 8L, 10L, 14L, 18L, 22L, 28L, 34L, 42L, 50L, 58L, 66L, 74L, 82L, 90L, 98L),
        consumed);
    List<MetricPoint> rates = database.metrics().curve(run.key(), "learning_rate");
    for (int i = 1; i < rates.size(); i++) {
      double share = 1 - consumed.get(i - 1) / 100.0;
      assertEquals(1e-3 + 9e-3 * share, rates.get(i).value(), 1e-12);
    }
    assertEquals("all 18 steps", end(run));
    TrainingRun killed = run(settings);
    for (int after : new int[] {3, 9, 14}) {
      killed.atStep(
          step -> {
            if (step == after) {
              throw new IllegalStateException("killed");
            }
          });
      assertThrows(ApplicationFailure.class, killed::attempt);
    }
    killed.atStep(step -> {});
    killed.attempt();
    assertEquals(run.row().resultJson(), killed.row().resultJson());
  }

  @Test
  void utilisationIsStoredWithThePeakThatItIsAShareOf() throws IOException {
    TrainingRun run = run(Map.of("numTrainSteps", 5, "peakFlops", 2e9));
    run.attempt();
    double flops = Costs.of(TrainingRun.model(), TrainingRun.LENGTH).trainingFlops();
    List<MetricPoint> speeds = database.metrics().curve(run.key(), "tokens_per_second");
    List<MetricPoint> shares = database.metrics().curve(run.key(), "mfu");
    assertEquals(5, shares.size());
    for (int i = 0; i < 5; i++) {
      assertEquals(speeds.get(i).value() * flops / 2e9, shares.get(i).value(), 1e-12);
    }
    List<MetricPoint> peaks = database.metrics().curve(run.key(), "peak_flops");
    assertEquals(List.of(2e9), peaks.stream().map(MetricPoint::value).toList());
    double resident = database.metrics().curve(run.key(), "resident_bytes").get(4).value();
    double most = database.metrics().curve(run.key(), "peak_resident_bytes").get(4).value();
    assertTrue(resident > 10e6 && resident <= most, resident + " " + most);
    assertFalse(run.metrics().contains("mfu") || run.metrics().contains("bytes"));

    TrainingRun silent = run(Map.of("numTrainSteps", 5));
    silent.attempt();
    assertEquals(List.of(), database.metrics().curve(silent.key(), "mfu"));
  }

  private static String end(TrainingRun run) throws IOException {
    List<Finding> findings =
        new Verification(database, run.home())
            .certify(run.run(), "test", new ReplayRequest(0, ReplayRequest.RANDOM, 1))
            .findings();
    for (Finding finding : findings) {
      if (finding.stage().equals("pretrain")) {
        assertEquals(Verdict.OK, finding.verdict(), finding.toString());
      }
    }
    return findings.stream()
        .filter(finding -> finding.subject().equals("end"))
        .findFirst()
        .orElseThrow()
        .text();
  }

  private static JsonNode result(TrainingRun run) throws IOException {
    return JSON.readTree(run.row().resultJson().orElseThrow());
  }

  private TrainingRun run(Map<String, Object> settings) throws IOException {
    Map<String, Object> all = new HashMap<>(Map.of("numTrainSteps", 120));
    all.putAll(settings);
    Path home = Files.createDirectories(folder.resolve("home-" + homes++));
    return new TrainingRun(database, home, TrainingRun.recipe(all), Set.of());
  }
}
