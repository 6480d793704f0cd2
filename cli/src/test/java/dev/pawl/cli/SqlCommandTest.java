package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.db.Database;
import dev.pawl.db.NewExperiment;
import dev.pawl.db.NewRun;
import dev.pawl.db.NewStage;
import dev.pawl.db.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Queries from the command line, and psql beside it. */
class SqlCommandTest {
  private static final Path HOME = TestDatabase.newHome().getParent();
  private static final Pattern PSQL =
      Pattern.compile("psql 'postgresql://(?<user>\\w+):(?<password>\\w+)@(?<place>[^']+)'\n");

  /** The server is a process of its own: the command without a query. */
  private static PawlProcess server;

  @BeforeAll
  static void serve() throws Exception {
    NewStage stage = new NewStage("k", "pretrain", 1, "{}", Map.of());
    NewRun run = new NewRun("run1", "one", "block", 1234567, "{\"seed\":7}", List.of(stage));
    try (Database database = Database.openEmbedded(HOME.resolve("postgres"))) {
      database
          .experiments()
          .register(new NewExperiment("exp1", "quick", "digest", "{}", "yaml", List.of(run)));
    }
    server = PawlProcess.start(HOME, "sql", "--home", HOME.toString());
    while (!server.err().contains("Ctrl-C") && server.process.isAlive()) {
      Thread.sleep(20);
    }
    connect(server.out()).close();
  }

  @AfterAll
  static void end() throws Exception {
    server.process.destroy();
    assertEquals(143, server.exitCode(), server.err());
    assertThrows(SQLException.class, () -> connect(server.out()).close());
  }

  @Test
  void aQueryIsPrintedInEveryFormat() throws Exception {
    String query = "SELECT run, parameters, cause, config, seed FROM v_run";
    assertEquals(
        """
        run  parameters  cause  config      seed
        one     1234567         {"seed":7}     7
        """,
        sql(query).out());
    assertEquals(
        "run,parameters,cause,config,seed\none,1234567,,\"{\"\"seed\"\":7}\",7\n",
        sql(query, "-o", "csv").out().replace("\r", ""));
    JsonNode row = new ObjectMapper().readTree(sql(query, "-o", "json").out()).path(0);
    assertEquals(7, row.path("config").path("seed").asInt());
    assertTrue(row.path("cause").isNull());
    assertEquals("", sql("SELECT 1 AS x", "--limit", "1").err());
    Said cut = sql("SELECT i FROM generate_series(1, 9) AS i", "--limit", "2", "-o", "csv");
    assertEquals("i\n1\n2\n", cut.out().replace("\r", ""));
    assertTrue(cut.err().contains("first 2 rows"), cut.err());
    assertEquals("current_user\r\npawl_reader\r\n", sql("SELECT current_user", "-o", "csv").out());
  }

  @Test
  void aMistakeOrAChangeIsRefusedAndSaysWhy() {
    Said wrong = sql("SELECT los FROM v_curve");
    assertEquals(2, wrong.code());
    assertTrue(wrong.err().contains("column \"los\" does not exist"), wrong.err());
    assertTrue(wrong.err().contains("docs/schema.md"), wrong.err());
    Said change = sql("DELETE FROM metric");
    assertEquals(2, change.code());
    assertTrue(change.err().contains("read-only"), change.err());
    assertEquals(2, sql("SELECT 1", "--limit", "0").code());
    Path nowhere = HOME.resolve("nowhere");
    assertEquals(3, Said.pawl("sql", "SELECT 1", "--home", nowhere.toString()).code());
  }

  @Test
  void psqlReadsAndChangesNothing() throws SQLException {
    Said said = Said.pawl("sql", "--home", HOME.toString());
    // The server is another process's: the command says so and ends.
    assertTrue(said.err().contains("ends with the pawl process that started it"), said.err());
    try (Connection connection = connect(said.out());
        Statement statement = connection.createStatement()) {
      try (ResultSet runs = statement.executeQuery("SELECT run FROM v_run")) {
        assertTrue(runs.next());
        assertEquals("one", runs.getString(1));
      }
      assertThrows(SQLException.class, () -> statement.execute("DELETE FROM metric"));
      statement.execute("SET default_transaction_read_only = off");
      SQLException denied =
          assertThrows(SQLException.class, () -> statement.execute("DELETE FROM metric"));
      assertEquals("42501", denied.getSQLState());
      SQLException other =
          assertThrows(SQLException.class, () -> statement.execute("SET ROLE pawl"));
      assertEquals("42501", other.getSQLState());
    }
  }

  private static Connection connect(String said) throws SQLException {
    Matcher address = PSQL.matcher(said);
    assertTrue(address.matches(), said);
    return DriverManager.getConnection(
        "jdbc:postgresql://" + address.group("place"),
        address.group("user"),
        address.group("password"));
  }

  private static Said sql(String query, String... more) {
    String[] arguments = new String[more.length + 4];
    arguments[0] = "sql";
    arguments[1] = query;
    arguments[2] = "--home";
    arguments[3] = HOME.toString();
    System.arraycopy(more, 0, arguments, 4, more.length);
    return Said.pawl(arguments);
  }
}
