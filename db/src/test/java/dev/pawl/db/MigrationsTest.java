package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Flyway is left out where, and only where, its record says that nothing is to be done. */
class MigrationsTest {
  private final JdbcSettings settings = TestDatabase.emptySettings();

  @Test
  void whatFlywayDidIsKnownAndWhatItWouldMindIsLeftToIt() throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(settings.url());
    settings.user().ifPresent(source::setUser);
    settings.password().ifPresent(source::setPassword);
    assertFalse(Migrations.applied(source));
    Migrations.apply(source);
    assertTrue(Migrations.applied(source));
    try (Database database = Database.open(settings);
        Connection connection = Connections.of(settings);
        Statement statement = connection.createStatement()) {
      assertEquals(List.of(), database.experiments().runs());
      for (String change :
          List.of(
              "UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '3'",
              "UPDATE flyway_schema_history SET success = false WHERE version = '3'",
              "DELETE FROM flyway_schema_history WHERE version = '12'",
              "UPDATE flyway_schema_history SET version = '99', script = 'V99__later.sql'"
                  + " WHERE version = '12'")) {
        statement.execute("CREATE TABLE kept AS SELECT * FROM flyway_schema_history");
        statement.execute(change);
        assertFalse(Migrations.applied(source), change);
        statement.execute("DELETE FROM flyway_schema_history");
        statement.execute("INSERT INTO flyway_schema_history SELECT * FROM kept");
        statement.execute("DROP TABLE kept");
        assertTrue(Migrations.applied(source));
      }
      statement.execute("UPDATE flyway_schema_history SET checksum = 1 WHERE version = '3'");
      assertThrows(DatabaseUnavailableException.class, () -> Database.open(settings).close());
    }
  }

  @Test
  void aSchemaThatIsNewerIsRefusedToItsOwnerToo() throws SQLException {
    JdbcSettings newer = TestDatabase.freshSettings();
    try (Connection connection = Connections.of(newer);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
              + " checksum, installed_by, execution_time, success) VALUES (1000, '999', 'later',"
              + " 'SQL', 'V999__later.sql', 1, current_user, 1, true)");
    }

    DatabaseUnavailableException refused =
        assertThrows(DatabaseUnavailableException.class, () -> Database.open(newer).close());

    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("it is at version 999"), message);
    assertTrue(message.endsWith("use a newer pawl"), message);
  }
}
