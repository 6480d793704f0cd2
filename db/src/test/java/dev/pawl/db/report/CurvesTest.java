package dev.pawl.db.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.Database;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.NewExperiment;
import dev.pawl.db.NewRun;
import dev.pawl.db.NewStage;
import dev.pawl.db.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Curves as they come out of the database. */
class CurvesTest {
  private final JdbcSettings settings = TestDatabase.freshSettings();
  private final Database database = Database.open(settings);
  private final Curves curves = database.report().curves();

  CurvesTest() {
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
                    new NewRun(
                        "run1",
                        "one",
                        "one",
                        1,
                        "{}",
                        List.of(new NewStage("a", "pretrain", 1, "{}", Map.of()))))));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aLongCurveKeepsItsExtremesAndItsEnd() throws SQLException {
    metric("loss", "generate_series(1, 100000) AS step", "sin(step)");
    sql("UPDATE metric SET value = 50 WHERE step = 12345");
    sql("UPDATE metric SET value = -50 WHERE step = 99998");
    Curve curve = only("loss", 500);
    int points = curve.steps().size();
    assertTrue(points <= 500 && points > 490, () -> points + " points");
    assertEquals(100_000, curve.steps().get(points - 1));
    assertEquals(50, curve.values().get(curve.steps().indexOf(12_345L)));
    assertEquals(-50, curve.values().get(curve.steps().indexOf(99_998L)));
    for (int i = 1; i < points; i++) {
      assertTrue(curve.steps().get(i - 1) < curve.steps().get(i), "in order");
    }
  }

  @Test
  void aShortCurveIsWhole() throws SQLException {
    metric("loss", "generate_series(10, 100, 10) AS step", "100 / step");
    Curve curve = only("loss", 21);
    assertEquals(List.of(10L, 20L, 30L, 40L, 50L, 60L, 70L, 80L, 90L, 100L), curve.steps());
    assertEquals(List.of(10.0, 5.0, 3.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0), curve.values());
  }

  @Test
  void aSinglePointAndOnesThatAreNoNumbers() throws SQLException {
    metric("loss", "generate_series(7, 7) AS step", "3");
    assertEquals(List.of(7L), only("loss", 4).steps());
    metric(
        "other",
        "generate_series(1, 1000) AS step",
        "CASE WHEN step = 500 THEN float8 'NaN' ELSE 1 END");
    assertTrue(only("other", 10).values().stream().anyMatch(value -> value.isNaN()));
  }

  @Test
  void paceIsTheMeanOfEachStretch() throws SQLException {
    // 100 tokens a second for 50 steps, then 200; every fifth step is recorded.
    metric(
        "tokens_per_second",
        "generate_series(5, 100, 5) AS step",
        "CASE WHEN step <= 50 THEN 100 ELSE 200 END");
    List<Pace> pace = curves.pace(List.of("run1"), 10);
    assertTrue(pace.size() >= 9 && pace.size() <= 11, pace::toString);
    assertEquals(100, pace.get(pace.size() - 1).step());
    double seconds = 0;
    long before = 0;
    for (Pace stretch : pace) {
      seconds += stretch.secondsPerToken() * (stretch.step() - before);
      before = stretch.step();
    }
    assertEquals(50 / 100.0 + 50 / 200.0, seconds, 1e-12);
  }

  @Test
  void positionLossesAreMeansOfTheLastTenth() throws SQLException {
    for (int position = 1; position <= 3; position++) {
      metric(
          "loss_by_position/" + position,
          "generate_series(1, 100) AS step",
          "CASE WHEN step <= 90 THEN 9 ELSE " + position + " + step % 2 END");
    }
    List<PositionLoss> losses = curves.positionLosses(List.of("run1"), 2);
    assertEquals(2, losses.size());
    assertEquals(1, losses.get(0).position());
    assertEquals(1.5, losses.get(0).loss(), 1e-12);
    assertEquals(10, losses.get(0).steps());
    assertEquals(Math.sqrt(10 * 0.25 / 9), losses.get(0).deviation(), 1e-12);
    assertEquals(2.5, losses.get(1).loss(), 1e-12);
  }

  private Curve only(String name, int points) {
    List<Curve> found = curves.of(List.of("run1"), List.of(name), points);
    assertEquals(1, found.size());
    assertEquals("run1", found.get(0).runId());
    return found.get(0);
  }

  private void metric(String name, String steps, String value) throws SQLException {
    sql(
        "INSERT INTO metric (stage_key, name, step, value) SELECT 'a', '%s', step, %s FROM %s"
            .formatted(name, value, steps));
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                settings.url(), settings.user().orElse(null), settings.password().orElse(null));
        Statement open = connection.createStatement()) {
      open.execute(statement);
    }
  }
}
