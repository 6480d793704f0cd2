package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The role reads everything, what comes later too, and changes nothing, whatever it tries. */
class ReaderRoleTest {
  private static final String DENIED = "42501";
  private static final String ONLY_READS = "25006";

  private final JdbcSettings settings = TestDatabase.freshSettings();

  @Test
  void itReadsEveryTableAndViewAndChangesNone() throws SQLException {
    try (Database database = Database.open(settings);
        Connection connection = Connections.of(settings);
        Statement statement = connection.createStatement()) {
      assertEquals(Optional.empty(), database.reader().grant());
      assertEquals(Optional.empty(), database.reader().grant());
      // What a later version brings is read without another grant.
      statement.execute("CREATE TABLE later (x integer)");
      List<String> relations = relations(statement);
      assertTrue(relations.containsAll(List.of("v_run", "v_pareto", "metric", "later")));
      statement.execute("SET ROLE pawl_reader");
      for (String relation : relations) {
        statement.executeQuery("SELECT * FROM " + relation + " LIMIT 1").close();
        refused(statement, "DELETE FROM " + relation);
        refused(statement, "DROP TABLE " + relation);
        refused(statement, "ALTER TABLE " + relation + " ADD COLUMN y integer");
        refused(statement, "COMMENT ON TABLE " + relation + " IS 'mine'");
      }
      refused(statement, "UPDATE metric SET value = 0");
      refused(statement, "INSERT INTO metric VALUES ('k', 'train_loss', 1, 0)");
      refused(statement, "INSERT INTO v_curve VALUES ('r', 'train_loss', 1, 0)");
      refused(statement, "TRUNCATE metric");
      refused(statement, "SELECT * FROM run FOR UPDATE");
      refused(statement, "CREATE ROLE another");
      refused(statement, "SELECT grant_reader()");
      refused(statement, "ALTER TABLE metric DISABLE TRIGGER USER");
    }
  }

  @Test
  void whoMayNotMakeRolesIsToldWhoCan() throws SQLException {
    try (Database database = Database.open(settings);
        Connection connection = Connections.of(settings);
        Statement statement = connection.createStatement()) {
      assertEquals(Optional.empty(), database.reader().grant());
      // Roles are the server's, and other databases need this one: the message alone is tried, with
      // a
      // role that is not there.
      statement.execute(
          """
          DO $$ BEGIN EXECUTE replace(pg_get_functiondef('grant_reader()'::regprocedure),
                                      'pawl_reader', 'pawl_nobody'); END $$""");
      statement.execute("DROP ROLE IF EXISTS pawl_owner_" + database());
      statement.execute("CREATE ROLE pawl_owner_" + database());
      statement.execute("GRANT EXECUTE ON FUNCTION grant_reader() TO pawl_owner_" + database());
      statement.execute("SET ROLE pawl_owner_" + database());
      try (ResultSet said = statement.executeQuery("SELECT grant_reader()")) {
        assertTrue(said.next());
        assertEquals(
            "pawl_owner_%1$s may not create roles: let somebody who may run CREATE ROLE pawl_nobody, then SELECT grant_reader() as pawl_owner_%1$s"
                .formatted(database()),
            said.getString(1));
      }
      statement.execute("RESET ROLE");
      statement.execute("DROP OWNED BY pawl_owner_" + database());
      statement.execute("DROP ROLE pawl_owner_" + database());
    }
  }

  @Test
  void aQueryOfTheReaderGivesPlainValues() throws SQLException {
    try (Database database = Database.open(settings)) {
      ReaderRole reader = database.reader();
      assertTrue(reader.usable());
      QueryResult result =
          reader.query(
              """
              SELECT i AS number, i / 2.0 AS half, i = 1 AS truth, 'x' || i AS text,
                     jsonb_build_object('i', i) AS tree, ARRAY[i, 7] AS list, NULL AS nothing,
                     timestamptz '2026-01-01 12:00:00+02' AS at, current_user::text AS who
                FROM generate_series(1, 3) AS i ORDER BY i""",
              2);
      assertEquals(
          List.of("number", "half", "truth", "text", "tree", "list", "nothing", "at", "who"),
          result.columns());
      assertTrue(result.cut());
      assertEquals(2, result.rows().size());
      assertEquals(
          "[1, 0.50000000000000000000, true, x1, {\"i\":1}, [1, 7], null, 2026-01-01T10:00:00Z,"
              + " pawl_reader]",
          result.rows().get(0).toString());
      assertFalse(reader.query("SELECT 1", 1).cut());
      SQLException refused =
          assertThrows(SQLException.class, () -> reader.query("DELETE FROM run", 1));
      assertEquals(ONLY_READS, refused.getSQLState());
    }
  }

  private String database() {
    return settings.url().replaceFirst(".*/test_([0-9a-f]+).*", "$1");
  }

  private static List<String> relations(Statement statement) throws SQLException {
    List<String> relations = new ArrayList<>();
    try (ResultSet found =
        statement.executeQuery(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
                + " AND relkind IN ('r', 'v') ORDER BY 1")) {
      while (found.next()) {
        relations.add(found.getString(1));
      }
    }
    return relations;
  }

  private static void refused(Statement statement, String sql) {
    SQLException refused = assertThrows(SQLException.class, () -> statement.execute(sql), sql);
    // Not a table's, or not simple enough a view: refused before anybody is asked who may.
    boolean impossible = List.of("42809", "55000").contains(refused.getSQLState());
    assertTrue(
        refused.getSQLState().equals(DENIED) || impossible, sql + ": " + refused.getMessage());
  }
}
