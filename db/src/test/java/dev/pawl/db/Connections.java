package dev.pawl.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Plain connections, past the stores. */
final class Connections {
  private Connections() {}

  static Connection of(JdbcSettings settings) throws SQLException {
    return DriverManager.getConnection(
        settings.url(), settings.user().orElse(null), settings.password().orElse(null));
  }
}
