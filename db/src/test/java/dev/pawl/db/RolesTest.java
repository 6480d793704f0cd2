package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What worker, operator and reader may do, tried by logging in as each. */
class RolesTest {
  private static final String DENIED = "42501";
  private static final Set<String> WRITTEN_BY_THE_OWNER =
      Set.of("flyway_schema_history", "permission");

  private final JdbcSettings settings = TestDatabase.freshSettings();
  private final Logins logins = new Logins(settings);

  @AfterEach
  void close() throws SQLException {
    logins.close();
  }

  @Test
  void everyTableSaysWhoWritesItAndNobodyCanDoMore() throws SQLException {
    Map<String, Map<String, Set<String>>> permissions = new HashMap<>();
    Set<String> tables;
    Set<String> views;
    try (Connection connection = Connections.of(settings);
        Statement statement = connection.createStatement()) {
      tables = names(statement, "SELECT relname FROM pg_class WHERE relkind = 'r'");
      views = names(statement, "SELECT relname FROM pg_class WHERE relkind = 'v'");
      try (ResultSet row = statement.executeQuery("SELECT * FROM permission")) {
        while (row.next()) {
          permissions
              .computeIfAbsent(row.getString("role"), role -> new HashMap<>())
              .put(row.getString("relation"), Set.of(row.getString("privileges").split(", ", -1)));
        }
      }
    }
    Set<String> written = new TreeSet<>(WRITTEN_BY_THE_OWNER);
    permissions.values().forEach(of -> written.addAll(of.keySet()));
    assertEquals(
        tables, written, "a migration that brings a table says in 'permission' who writes it");
    permissions.put(ReaderRole.NAME, Map.of());
    for (String role : Roles.ALL) {
      try (Connection connection = Connections.of(logins.with(role));
          Statement statement = connection.createStatement()) {
        for (String view : views) {
          statement.executeQuery("SELECT * FROM %s LIMIT 1".formatted(view)).close();
          refused(statement, "DROP VIEW " + view);
        }
        for (String table : tables) {
          statement.executeQuery("SELECT * FROM %s LIMIT 1".formatted(table)).close();
          only(
              permissions.getOrDefault(role, Map.of()).getOrDefault(table, Set.of()),
              statement,
              table);
        }
        refused(statement, "CREATE TABLE mine (x integer)");
        refused(statement, "CREATE VIEW mine AS SELECT 1");
        refused(statement, "CREATE ROLE another");
        refused(statement, "SELECT grant_roles()");
        refused(statement, "SELECT grant_reader()");
        refused(statement, "SET ROLE pg_write_all_data");
      }
    }
  }

  private static void only(Set<String> allowed, Statement statement, String table)
      throws SQLException {
    refused(statement, "DROP TABLE " + table);
    refused(statement, "TRUNCATE %s CASCADE".formatted(table));
    refused(statement, "ALTER TABLE %s ADD COLUMN y integer".formatted(table));
    refused(statement, "ALTER TABLE %s DISABLE TRIGGER USER".formatted(table));
    refused(statement, "CREATE INDEX ON %s ((1))".formatted(table));
    String column = column(statement, table);
    Map<String, String> writes =
        Map.of(
            "INSERT", "INSERT INTO %1$s (%2$s) SELECT %2$s FROM %1$s WHERE false",
            "UPDATE", "UPDATE %1$s SET %2$s = %2$s WHERE false",
            "DELETE", "DELETE FROM %1$s WHERE false");
    for (Map.Entry<String, String> write : writes.entrySet()) {
      String sql = write.getValue().formatted(table, column);
      if (allowed.contains(write.getKey())) {
        statement.executeUpdate(sql);
      } else {
        refused(statement, sql);
      }
    }
  }

  private static String column(Statement statement, String table) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT attname FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0"
                    .formatted(table)
                + " AND attidentity = '' ORDER BY attnum LIMIT 1")) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void operatorAndWorkerCanDoAllThatTheirCommandsDo() throws SQLException {
    try (Database operator = Database.open(logins.with(Roles.OPERATOR));
        Database worker = Database.open(logins.with(Roles.WORKER))) {
      new StoreOperations(operator, worker).all();
      // Neither grants anything, and both can ask.
      assertEquals(Optional.empty(), worker.reader().grant());
      assertEquals(1, query(worker));
      // Each alone could not: the work of the other is refused.
      assertThrows(RuntimeException.class, () -> new StoreOperations(worker, worker).ask());
      assertThrows(
          RuntimeException.class, () -> operator.environments().register("{\"threads\": 9}"));
      assertThrows(RuntimeException.class, () -> worker.roles().grant());
    }
  }

  private static int query(Database database) throws SQLException {
    return database.reader().query("SELECT 1 FROM v_run LIMIT 1", 5).rows().size();
  }

  @Test
  void whoDoesNotOwnTheSchemaIsToldWhatToDo() throws SQLException {
    JdbcSettings worker = logins.with(Roles.WORKER);
    JdbcSettings nobody = logins.with();
    assertTrue(refusal(nobody).contains("GRANT pawl_worker TO " + nobody.user().orElseThrow()));
    try (Connection connection = Connections.of(settings);
        Statement statement = connection.createStatement()) {
      int newest = Migrations.newest();
      statement.execute("DELETE FROM flyway_schema_history WHERE version = '%d'".formatted(newest));
      String before =
          names(statement, "SELECT max(version::integer) FROM flyway_schema_history")
              .iterator()
              .next();
      String message = refusal(worker);
      assertTrue(message.contains("it is at version " + before), message);
      assertTrue(message.contains("needs " + newest), message);
      assertTrue(
          message.contains("let %s run 'pawl migrate'".formatted(owner(statement))), message);
      statement.execute(
          "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
              + " installed_by, execution_time, success) VALUES (99, '999', 'later', 'SQL',"
              + " 'V999__later.sql', 'somebody', 1, true)");
      assertTrue(refusal(worker).contains("use a newer pawl"), refusal(worker));
      DatabaseSight sight = DatabaseSight.of(worker);
      assertFalse(sight.current());
      assertEquals(List.of(Roles.WORKER), sight.roles());
      assertEquals(List.of(), sight.missingRoles());
      assertFalse(sight.superuser());
    }
  }

  @Test
  void aMemberOfTheOwnerMigratesInTheOwnersName() throws SQLException {
    JdbcSettings old = TestDatabase.emptySettings();
    Flyway.configure()
        .dataSource(old.url(), old.user().orElse(null), old.password().orElse(null))
        .locations("classpath:dev/pawl/db/migration")
        .target(MigrationVersion.fromVersion("12"))
        .load()
        .migrate();
    String owner = logins.group();
    JdbcSettings login = logins.with(owner);
    JdbcSettings member = new JdbcSettings(old.url(), login.user(), login.password());
    try (Connection connection = Connections.of(old);
        Statement statement = connection.createStatement()) {
      statement.execute("GRANT ALL ON SCHEMA public TO " + owner);
      for (String table :
          names(statement, "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v')")) {
        statement.execute("ALTER TABLE %s OWNER TO %s".formatted(table, owner));
      }
      statement.execute("ALTER FUNCTION grant_reader() OWNER TO " + owner);
      Database.open(member).close();
      assertEquals(
          Set.of(owner),
          names(
              statement,
              "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relkind IN ('r', 'v')"));
      statement.execute("DROP OWNED BY " + owner + " CASCADE");
    }
  }

  /** What docs/security.md tells an administrator to run, with names of this test. */
  @Test
  void theSetUpThatIsDocumentedGivesAnOwnerThatMayNotMakeRoles() throws Exception {
    String page = Files.readString(Pages.of("security.md"));
    int begin = page.indexOf("```sql") + "```sql".length();
    String owner = logins.with().user().orElseThrow();
    String database = owner.replace("login", "database");
    String script =
        page.substring(begin, page.indexOf("```", begin))
            .replace("CREATE ROLE pawl_owner LOGIN;", "")
            .replace("pawl_owner", owner)
            .replaceAll("DATABASE pawl\\b", "DATABASE " + database);
    try (Connection connection = Connections.of(settings);
        Statement statement = connection.createStatement()) {
      for (String each : script.split(";", -1)) {
        if (!each.isBlank()) {
          unlessItIsThere(statement, each);
        }
      }
      String url = settings.url().replaceFirst("/[^/?]+(\\?|$)", "/" + database + "$1");
      JdbcSettings asOwner =
          new JdbcSettings(url, Optional.of(owner), Optional.of(Logins.PASSWORD));
      try (Database opened = Database.open(asOwner)) {
        assertEquals(Optional.empty(), opened.roles().grant());
        assertEquals(Optional.empty(), opened.reader().grant());
      }
      for (String role : Roles.ALL) {
        JdbcSettings user = logins.with(role);
        Database.open(new JdbcSettings(url, user.user(), user.password())).close();
      }
      JdbcSettings nobody = logins.with();
      refusal(new JdbcSettings(url, nobody.user(), nobody.password()));
      statement.execute("DROP DATABASE %s WITH (FORCE)".formatted(database));
    }
  }

  private static void unlessItIsThere(Statement statement, String sql) throws SQLException {
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      assertEquals("42710", e.getSQLState(), e.getMessage());
    }
  }

  private static String refusal(JdbcSettings settings) {
    String message =
        assertThrows(DatabaseUnavailableException.class, () -> Database.open(settings).close())
            .getMessage();
    assertFalse(message.contains(settings.password().orElseThrow()), message);
    return message;
  }

  private static String owner(Statement statement) throws SQLException {
    return names(
            statement,
            "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'flyway_schema_history'")
        .iterator()
        .next();
  }

  private static Set<String> names(Statement statement, String query) throws SQLException {
    Set<String> names = new TreeSet<>();
    boolean all = query.contains("relkind");
    try (ResultSet row =
        statement.executeQuery(
            all ? query + " AND relnamespace = current_schema()::regnamespace" : query)) {
      while (row.next()) {
        names.add(row.getString(1));
      }
    }
    return names;
  }

  private static void refused(Statement statement, String sql) {
    SQLException refused = assertThrows(SQLException.class, () -> statement.execute(sql), sql);
    assertEquals(DENIED, refused.getSQLState(), sql + ": " + refused.getMessage());
  }
}
