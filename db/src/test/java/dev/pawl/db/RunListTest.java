package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lists of runs and results of many at a time, on a real PostgreSQL. */
class RunListTest {
  private static final String TRAINING =
      "{\"training\": {\"totalBatchSize\": 4, \"maxLength\": 50}}";

  private static final Owner OWNER = new Owner("here", 1, Instant.EPOCH, "a");

  private final JdbcSettings settings = TestDatabase.freshSettings();
  private final Database database = Database.open(settings);

  RunListTest() throws SQLException {
    register("old", List.of("vanilla-1", "vanilla-2"));
    sql("UPDATE experiment SET created_at = now() - interval '2 days'");
    sql("UPDATE run SET created_at = now() - interval '2 days'");
    register("new", List.of("block-1", "block-2", "block-3"));
    database.experiments().runStatus("new-block-1", RunStatus.DONE, null, null);
    database.experiments().runStatus("new-block-2", RunStatus.FAILED, "DATA", "no file");
    database.experiments().runStatus("new-block-3", RunStatus.RUNNING, null, null);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void register(String experiment, List<String> names) {
    List<NewRun> runs = new ArrayList<>();
    for (String name : names) {
      String id = experiment + "-" + name;
      runs.add(
          new NewRun(
              id,
              name,
              name.replaceFirst("-.*", ""),
              10,
              "{\"seed\": 1}",
              List.of(
                  new NewStage("t", "tokenize", 1, "{}", Map.of()),
                  new NewStage("p-" + id, "pretrain", 1, TRAINING, Map.of("t", "t")))));
    }
    database
        .experiments()
        .register(new NewExperiment(experiment + "-id", experiment, "d", "{}", "yaml", runs));
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                settings.url(), settings.user().orElse(null), settings.password().orElse(null));
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  private List<String> names(RunFilter filter) {
    return database.runList().find(filter).stream().map(ListedRun::name).toList();
  }

  private static RunFilter where(
      String experiment, String model, Set<RunStatus> statuses, Instant since, int limit) {
    return new RunFilter(
        Optional.ofNullable(experiment),
        Optional.ofNullable(model),
        statuses,
        Optional.ofNullable(since),
        limit == 0 ? OptionalInt.empty() : OptionalInt.of(limit),
        0);
  }

  @Test
  void theNewestExperimentComesFirstItsRunsInOrder() {
    assertEquals(
        List.of("block-1", "block-2", "block-3", "vanilla-1", "vanilla-2"), names(RunFilter.ALL));
  }

  @Test
  void filtersChoose() {
    Instant yesterday = Instant.now().minus(Duration.ofDays(1));
    assertEquals(List.of("vanilla-1", "vanilla-2"), names(where("old", null, Set.of(), null, 0)));
    assertEquals(List.of("vanilla-1"), names(where("old-i", null, Set.of(), null, 1)));
    assertEquals(
        List.of("block-1", "block-2", "block-3"), names(where(null, "block", Set.of(), null, 0)));
    assertEquals(List.of("block-2"), names(where(null, "block-2", Set.of(), null, 0)));
    assertEquals(
        List.of("block-2", "block-3"),
        names(where(null, null, Set.of(RunStatus.FAILED, RunStatus.RUNNING), null, 0)));
    assertEquals(
        List.of("block-1", "block-2", "block-3"), names(where(null, null, Set.of(), yesterday, 0)));
    assertEquals(List.of(), names(where("new", "vanilla", Set.of(), null, 0)));
    List<ListedRun> two = database.runList().find(where(null, null, Set.of(), null, 2));
    assertEquals(2, two.size());
    assertEquals(5, two.get(0).matched());
    assertEquals(Optional.of("no file"), two.get(1).message());
  }

  /** Else the server would plan for empty tables while a sweep goes on, and read them whole. */
  @Test
  void theServerKnowsHowManyRunsASweepHasAsSoonAsItIsRegistered() throws SQLException {
    register("many", IntStream.range(0, 60).mapToObj(i -> "vanilla-" + i).toList());
    assertTrue(counted("run") >= 60, () -> "runs " + counted("run"));
    assertTrue(counted("run_stage") >= 120, () -> "run stages " + counted("run_stage"));
    assertTrue(counted("stage") >= 61, () -> "stages " + counted("stage"));
  }

  private long counted(String table) {
    try (Connection connection =
            DriverManager.getConnection(
                settings.url(), settings.user().orElse(null), settings.password().orElse(null));
        Statement sql = connection.createStatement();
        ResultSet row =
            sql.executeQuery(
                "SELECT reltuples FROM pg_class WHERE relname = '%s'".formatted(table))) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aCurveIsThinnedAndWhoIsAtARunIsSaid() {
    String environment = database.environments().register("{}");
    Claim claim =
        database
            .stages()
            .claim("p-new-block-3", OWNER, Duration.ofMinutes(1), environment)
            .claim()
            .orElseThrow();
    database.goodput().began(claim, "new-block-3");
    List<MetricPoint> points = new ArrayList<>();
    for (int step = 1; step <= 100; step++) {
      points.add(new MetricPoint(step, "train_loss", 200 - step));
      points.add(new MetricPoint(step, "other", 0));
    }
    database.metrics().append(claim, points, Set.of());
    database
        .stages()
        .progress(
            claim, "{\"done\": 100, \"total\": 400, \"values\": {\"tokens_per_second\": 1000}}");

    ListedRun run =
        database
            .runList()
            .find(
                new RunFilter(
                    Optional.empty(),
                    Optional.of("block-3"),
                    Set.of(),
                    Optional.empty(),
                    OptionalInt.empty(),
                    4))
            .get(0);
    assertEquals(List.of(175.0, 150.0, 125.0, 100.0), run.losses());
    ListedRun.Going going = run.going().orElseThrow();
    assertEquals("pretrain", going.kind());
    assertEquals(100, going.done());
    assertEquals(400, going.total());
    // A step of 4 sequences of 50 tokens, at 1,000 tokens a second.
    assertEquals(0.2, going.unitSeconds(), 1e-12);
    assertEquals(1, going.attempt());
    assertTrue(going.seconds() >= 0 && going.seconds() < 60, going.toString());
    assertEquals(List.of(new Serving.Holder(OWNER.id(), true)), run.serving().holders());
    assertEquals(0, run.stagesDone());
    assertEquals(2, run.stagesTotal());
    assertEquals(List.of(), database.runList().find(RunFilter.ALL).get(2).losses());
  }

  @Test
  void resultsOfManyRunsKeepTheirOwnNumbers() throws SQLException {
    String environment = database.environments().register("{}");
    for (String run : List.of("new-block-1", "new-block-2")) {
      Claim claim =
          database
              .stages()
              .claim("p-" + run, OWNER, Duration.ofMinutes(1), environment)
              .claim()
              .orElseThrow();
      double own = run.endsWith("1") ? 1 : 2;
      database
          .metrics()
          .append(
              claim,
              List.of(
                  new MetricPoint(1, "train_loss", 9),
                  new MetricPoint(2, "train_loss", own),
                  new MetricPoint(2, "valid_loss", 10 * own)),
              Set.of());
      database
          .evaluations()
          .record(
              claim,
              List.of(
                  new EvaluationRow(1, "cloze", "1.0", "acc", 0.1, 0.2, 40),
                  new EvaluationRow(2, "cloze", "1.0", "acc", own / 10, own / 100, 40),
                  new EvaluationRow(2, "wiki", "1.0", "word_perplexity", own, null, 7)));
      database
          .checkpoints()
          .record(claim, new CheckpointRow(2, 32, "s" + run, Optional.empty(), "p", 10));
    }
    sql("UPDATE run SET point = '{\"seed\": 3}' WHERE id = 'new-block-2'");
    List<ResultRow> rows = database.results().results(Optional.of("new"));
    assertEquals(
        List.of("block-1", "block-2", "block-3"), rows.stream().map(ResultRow::run).toList());
    ResultRow second = rows.get(1);
    assertEquals(Optional.of(2.0), second.trainLoss());
    assertEquals(Optional.of(20.0), second.validLoss());
    assertEquals(
        Map.of("cloze", Map.of("acc", 0.2), "wiki", Map.of("word_perplexity", 2.0)),
        second.tasks());
    assertEquals(Map.of("cloze", Map.of("acc", 0.02)), second.stderrs());
    assertEquals(Map.of("cloze", 40, "wiki", 7), second.documents());
    assertEquals("snew-block-2", second.checkpoint().orElseThrow().sha256());
    assertEquals("{\"seed\": 3}", second.pointJson());
    assertEquals("{}", rows.get(0).pointJson());
    assertEquals(Optional.empty(), rows.get(2).trainLoss());
    assertEquals(List.of(second), database.results().ofRuns(List.of("new-block-2")));
    assertEquals(
        Map.of("new-block-2", "{\"seed\": 1}"),
        database.results().configurations(List.of("new-block-2")));
    assertEquals(
        Optional.of(2L),
        database.metrics().firstDifference("p-new-block-1", "p-new-block-2", "train_loss"));
    assertEquals(
        Optional.empty(),
        database.metrics().firstDifference("p-new-block-1", "p-new-block-1", "train_loss"));
  }
}
