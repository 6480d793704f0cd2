package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/**
 * The last value of each metric is known without looking for it, whatever happens to the points.
 */
class MetricLastTest {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final String LOOKED_FOR =
      """
      SELECT DISTINCT ON (stage_key, name) stage_key, name, step, value FROM metric
       ORDER BY stage_key, name, step DESC""";
  private static final String KEPT =
      "SELECT stage_key, name, step, value FROM metric_last ORDER BY 1, 2";

  private JdbcSettings settings = TestDatabase.freshSettings();

  @Test
  void aTrainingThatGoesOnBeforeWhatItSaidLeavesTheFirstValuesAndTheLastStep() throws SQLException {
    try (Database database = Database.open(settings)) {
      Claim claim = claimed(database);
      MetricStore metrics = database.metrics();
      metrics.append(claim, loss(1, 2, 3), Set.of());
      assertEquals(List.of("k loss 3 0.3"), rows(KEPT));
      // Steps 2 and 3 again, one of them with another value, twice in one batch; and step 4.
      List<MetricPoint> again = new ArrayList<>(loss(2, 3, 4, 4));
      again.set(1, new MetricPoint(3, "loss", 9));
      metrics.append(claim, again, Set.of());
      assertEquals(List.of("k loss 4 0.4"), rows(KEPT));
      assertEquals(
          List.of("metric: loss of step 3 was 0.3 and is 9.0 when computed again"),
          database.findings().of("k"));
      metrics.append(claim, List.of(new MetricPoint(5, "loss", Double.NaN)), Set.of());
      metrics.append(
          claim,
          List.of(
              new MetricPoint(6, "rate", Double.NEGATIVE_INFINITY),
              new MetricPoint(6, "least", Double.MIN_VALUE),
              new MetricPoint(6, "third", 1.0 / 3)),
          Set.of());
      assertEquals(
          List.of(
              "k least 6 5e-324",
              "k loss 5 NaN",
              "k rate 6 -Infinity",
              "k third 6 0.3333333333333333"),
          rows(KEPT));
      assertEquals(1.0 / 3, metrics.curve("k", "third").get(0).value());
      assertEquals(rows(LOOKED_FOR), rows(KEPT));
    }
  }

  @Test
  void whateverIsAddedChangedOrRemovedTheyAreWhatLookingForThemGives() throws SQLException {
    try (Database database = Database.open(settings);
        Connection connection = Connections.of(settings);
        Statement statement = connection.createStatement()) {
      claimed(database);
      Random random = new Random(12);
      for (int i = 0; i < 60; i++) {
        int step = random.nextInt(8);
        String name = "m" + random.nextInt(2);
        String where = " WHERE name = '" + name + "' AND step = " + step;
        statement.execute(
            switch (random.nextInt(5)) {
              case 0, 1 ->
                  "INSERT INTO metric SELECT 'k', 'm' || s %% 2, s, random() FROM generate_series(%d, %d) s ON CONFLICT DO NOTHING"
                      .formatted(step, step + 3);
              case 2 -> "UPDATE metric SET value = value + 1" + where;
              case 3 ->
                  "UPDATE metric SET step = step + %d, name = 'x' || name".formatted(100 * (i + 1))
                      + where;
              default -> "DELETE FROM metric WHERE step >= " + step + " AND name = '" + name + "'";
            });
        assertEquals(rows(statement, LOOKED_FOR), rows(statement, KEPT), "after " + i);
      }
      statement.execute("DELETE FROM metric");
      assertEquals(List.of(), rows(KEPT));
    }
  }

  @Test
  void pointsOfAnEarlierVersionAreTakenAlong() throws SQLException {
    settings = TestDatabase.emptySettings();
    Flyway.configure()
        .dataSource(settings.url(), settings.user().orElse(null), settings.password().orElse(null))
        .locations("classpath:dev/pawl/db/migration")
        .target("9")
        .load()
        .migrate();
    try (Connection connection = Connections.of(settings);
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO stage (key, kind, version, config, inputs)
          SELECT 'k' || i, 'pretrain', 4, '{}', '{}' FROM generate_series(1, 5) i""");
      statement.execute(
          """
          INSERT INTO metric SELECT 'k' || i, name, step, step * 0.5
            FROM generate_series(1, 5) i CROSS JOIN generate_series(1, i * 10) step
           CROSS JOIN unnest(ARRAY['train_loss', 'valid_loss']) AS name""");
    }
    try (Database database = Database.open(settings)) {
      assertFalse(database.metrics().curve("k5", "train_loss").isEmpty());
      assertEquals(10, rows(KEPT).size());
      assertEquals("k5 valid_loss 50 25", rows(KEPT).get(9));
      assertEquals(rows(LOOKED_FOR), rows(KEPT));
    }
  }

  private static Claim claimed(Database database) {
    NewStage stage = new NewStage("k", "pretrain", 1, "{}", Map.of());
    NewRun run = new NewRun("run1", "one", "one", 1, "{}", List.of(stage));
    database
        .experiments()
        .register(new NewExperiment("exp1", "quick", "digest", "{}", "yaml", List.of(run)));
    String environment = database.environments().register("{}");
    return database
        .stages()
        .claim("k", new Owner("here", 1, Instant.EPOCH, "a"), LEASE, environment)
        .claim()
        .orElseThrow();
  }

  private static List<MetricPoint> loss(long... steps) {
    return LongStream.of(steps)
        .mapToObj(step -> new MetricPoint(step, "loss", step / 10.0))
        .toList();
  }

  private List<String> rows(String sql) throws SQLException {
    try (Connection connection = Connections.of(settings);
        Statement statement = connection.createStatement()) {
      return rows(statement, sql);
    }
  }

  private static List<String> rows(Statement statement, String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(
            String.join(
                " ", rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4)));
      }
    }
    return found;
  }
}
