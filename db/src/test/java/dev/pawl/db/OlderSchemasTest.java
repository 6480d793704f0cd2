package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Test;

/**
 * A record of any earlier version comes to this one with every row in it, and its views answer. The
 * rows are of two kinds: {@code older/V<n>.sql} holds what could be stored from version n of the
 * schema on, and {@code older/<release>.sql.gz} is the whole database of a release after a real
 * run, as pg_dump wrote it (CONTRIBUTING.md says how one is made).
 */
class OlderSchemasTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Path FOLDER = Path.of("src/test/resources/dev/pawl/db/older");

  @Test
  void fromEveryVersionOfTheSchemaEveryRowComesAlong() throws SQLException, IOException {
    JdbcSettings growing = hasty(TestDatabase.emptySettings());
    for (int version : ReleasedMigrations.versions()) {
      upTo(version, growing);
      insert(version, growing);
      JdbcSettings old = hasty(TestDatabase.copyOf(growing));
      Map<String, List<JsonNode>> before = rows(old);
      try (Database database = Database.open(old);
          Connection connection = Connections.of(old);
          Statement statement = connection.createStatement()) {
        String from = "from version " + version;
        assertEquals(List.of(), lost(before, rows(old)), from);
        answers(statement);
        known(version, database, statement);
      }
    }
  }

  @Test
  void theDatabasesOfReleasesComeAlong() throws SQLException, IOException {
    List<Path> releases = releases();
    assertFalse(releases.isEmpty(), "no databases of releases in " + FOLDER);
    for (Path release : releases) {
      JdbcSettings old = TestDatabase.emptySettings();
      restore(release, old);
      Map<String, List<JsonNode>> before = rows(old);
      assertFalse(before.get("metric").isEmpty(), release.toString());
      try (Database database = Database.open(old);
          Connection connection = Connections.of(old);
          Statement statement = connection.createStatement()) {
        assertEquals(List.of(), lost(before, rows(old)), release.toString());
        answers(statement);
        assertFalse(database.results().results(Optional.empty()).isEmpty(), release.toString());
        assertTrue(number(statement, "SELECT count(*) FROM v_eval") > 0, release.toString());
        assertTrue(number(statement, "SELECT count(*) FROM v_metric_last") > 0, release.toString());
      }
    }
  }

  /** Without this, a row that a migration drops would go unseen. */
  @Test
  void aLostRowAndALostValueAreFound() throws SQLException, IOException {
    JdbcSettings settings = TestDatabase.emptySettings();
    upTo(1, settings);
    insert(1, settings);
    Map<String, List<JsonNode>> before = rows(settings);
    try (Connection connection = Connections.of(settings);
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM evaluation");
      statement.execute("UPDATE generation SET tokens_per_second = 0");
      statement.execute("ALTER TABLE checkpoint RENAME TO state");
    }

    assertEquals(
        List.of("checkpoint: no such table", "evaluation: 1 of 1 rows", "generation: 1 of 1 rows"),
        lost(before, rows(settings)));
  }

  /** What is known by heart of these rows, whatever version they were written by. */
  private static void known(int version, Database database, Statement statement)
      throws SQLException {
    assertEquals(
        number(statement, "SELECT count(*) FROM run"),
        number(statement, "SELECT count(*) FROM v_run"));
    assertFalse(database.results().results(Optional.empty()).isEmpty());
    assertEquals(
        2.75,
        number(
            statement,
            "SELECT value FROM v_metric_last WHERE run_id = 'done' AND name = 'valid_loss'"));
    assertEquals(
        0.25,
        number(statement, "SELECT value FROM v_eval WHERE run_id = 'done' AND metric = 'acc'"));
    assertEquals(
        200, number(statement, "SELECT step FROM v_checkpoint_last WHERE run_id = 'done'"));
    // Work that was done before checkpoints could be removed: its folder is gone.
    assertEquals(
        1,
        number(
            statement,
            "SELECT count(*) FROM checkpoint WHERE sha256 = 'state-100' AND removed_at IS NOT NULL"));
    // Nothing is known of where the time of runs went that are older than the account of it.
    assertEquals(
        version < 4 ? 0 : 1,
        number(statement, "SELECT count(*) FROM v_goodput WHERE run_id = 'timed'"));
    assertEquals(
        0, number(statement, "SELECT count(*) FROM v_goodput WHERE run_id IN ('done', 'failed')"));
    assertEquals(1, number(statement, "SELECT count(*) FROM v_failure WHERE run_id = 'failed'"));
  }

  /** Every view, read to its end. */
  private static void answers(Statement statement) throws SQLException {
    List<String> views =
        strings(
            statement,
            "SELECT viewname FROM pg_views WHERE schemaname = current_schema() ORDER BY viewname");
    assertTrue(views.size() > 10, views.toString());
    for (String view : views) {
      try (ResultSet rows = statement.executeQuery("SELECT * FROM " + view)) {
        while (rows.next()) {
          rows.getObject(1);
        }
      }
    }
  }

  /** Does not wait for the disk at each commit: nothing is killed here, and commits are many. */
  private static JdbcSettings hasty(JdbcSettings settings) {
    return new JdbcSettings(
        settings.url()
            + (settings.url().contains("?") ? "&" : "?")
            + "options=-c%20synchronous_commit=off",
        settings.user(),
        settings.password());
  }

  private static void upTo(int version, JdbcSettings settings) {
    Flyway.configure()
        .dataSource(settings.url(), settings.user().orElse(null), settings.password().orElse(null))
        .locations("classpath:dev/pawl/db/migration")
        .target(MigrationVersion.fromVersion(Integer.toString(version)))
        .load()
        .migrate();
  }

  private static void insert(int version, JdbcSettings settings) throws SQLException, IOException {
    try (InputStream in =
        OlderSchemasTest.class.getResourceAsStream("older/V" + version + ".sql")) {
      if (in != null) {
        execute(settings, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  private static List<Path> releases() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".sql.gz")).sorted().toList();
    }
  }

  private static void restore(Path release, JdbcSettings settings)
      throws SQLException, IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(release))) {
      execute(settings, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static void execute(JdbcSettings settings, String sql) throws SQLException {
    try (Connection connection = Connections.of(settings);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Every row of every table, by its name, but of those that migrations themselves fill. */
  private static Map<String, List<JsonNode>> rows(JdbcSettings settings)
      throws SQLException, IOException {
    Map<String, List<JsonNode>> rows = new LinkedHashMap<>();
    try (Connection connection = Connections.of(settings);
        Statement statement = connection.createStatement()) {
      statement.execute("SET TIME ZONE 'UTC'");
      List<String> tables =
          strings(
              statement,
              "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                  + " AND tablename NOT IN ('flyway_schema_history', 'permission') ORDER BY tablename");
      for (String table : tables) {
        List<JsonNode> all = new ArrayList<>();
        for (String row : strings(statement, "SELECT to_jsonb(t)::text FROM " + table + " t")) {
          all.add(JSON.readTree(row));
        }
        rows.put(table, all);
      }
    }
    return rows;
  }

  /** Rows that are not there any more with the values that they had in the columns of then. */
  private static List<String> lost(
      Map<String, List<JsonNode>> before, Map<String, List<JsonNode>> after) {
    List<String> lost = new ArrayList<>();
    before.forEach(
        (table, rows) -> {
          List<JsonNode> there = after.get(table);
          if (there == null) {
            lost.add(table + ": no such table");
          } else if (!rows.isEmpty()) {
            TreeSet<String> columns = new TreeSet<>();
            rows.get(0).fieldNames().forEachRemaining(columns::add);
            List<String> left =
                new ArrayList<>(there.stream().map(row -> of(row, columns)).toList());
            long missing = rows.stream().filter(row -> !left.remove(of(row, columns))).count();
            if (missing > 0 || !left.isEmpty()) {
              lost.add(
                  "%s: %d of %d rows"
                      .formatted(table, Math.max(missing, left.size()), rows.size()));
            }
          }
        });
    return lost;
  }

  private static String of(JsonNode row, Iterable<String> columns) {
    List<String> values = new ArrayList<>();
    columns.forEach(column -> values.add(column + "=" + row.get(column)));
    return values.toString();
  }

  private static double number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      assertTrue(row.next(), "nothing from " + sql);
      return row.getDouble(1);
    }
  }

  private static List<String> strings(Statement statement, String sql) throws SQLException {
    List<String> strings = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
    }
    return strings;
  }
}
