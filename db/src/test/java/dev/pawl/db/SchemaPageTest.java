package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reference of the schema says what the schema is. */
class SchemaPageTest {
  @Test
  void thePageIsAsTheDatabaseSays() throws Exception {
    JdbcSettings settings = TestDatabase.freshSettings();
    try (Database database = Database.open(settings);
        Connection connection = Connections.of(settings)) {
      // Each migration says with COMMENT ON what its tables, views and columns mean.
      assertEquals(List.of(), SchemaPage.withoutComment(connection));
      Pages.compare(Pages.of("schema.md"), SchemaPage.of(connection));
      assertEquals(List.of(), database.experiments().runs());
    }
  }
}
