package dev.pawl.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;

/**
 * A database as it is seen from outside, without migrating it or changing anything else.
 *
 * @param serverVersion of PostgreSQL, such as {@code 17.2}
 * @param serverVersionNumber the same as a number: 170002 is 17.2
 * @param schema where the schema stands
 * @param wanted version of this program's schema
 * @param superuser whether this user may do everything on the server
 * @param roles those of Pawl's roles that this user has
 * @param missingRoles those of Pawl's roles that the server does not have
 * @param anybodyMakesTables whether every user of the server can make tables beside the record's
 * @param encrypted whether this connection is
 * @param ahead how far the server's clock is ahead of this machine's
 * @param uncertainty half of what the answer took: the clocks are compared no more closely
 */
public record DatabaseSight(
    String serverVersion,
    int serverVersionNumber,
    SchemaState schema,
    int wanted,
    boolean superuser,
    List<String> roles,
    List<String> missingRoles,
    boolean anybodyMakesTables,
    boolean encrypted,
    Duration ahead,
    Duration uncertainty) {
  private static final String SECONDS = "5";

  public DatabaseSight {
    roles = List.copyOf(roles);
    missingRoles = List.copyOf(missingRoles);
  }

  /**
   * Connects once, looks and leaves.
   *
   * @throws DatabaseUnavailableException when the server does not answer within five seconds or
   *     refuses; says what to do
   */
  public static DatabaseSight of(JdbcSettings settings) {
    Properties properties = new Properties();
    settings.user().ifPresent(user -> properties.setProperty("user", user));
    settings.password().ifPresent(password -> properties.setProperty("password", password));
    properties.setProperty("ApplicationName", "pawl doctor");
    properties.setProperty("connectTimeout", SECONDS);
    properties.setProperty("loginTimeout", SECONDS);
    try (Connection connection = DriverManager.getConnection(settings.url(), properties)) {
      connection.setReadOnly(true);
      return of(connection);
    } catch (SQLException e) {
      throw new DatabaseUnavailableException(ConnectionProblem.describe(settings, e), e);
    }
  }

  private static DatabaseSight of(Connection connection) throws SQLException {
    SchemaState schema = SchemaState.of(connection);
    try (Statement statement = connection.createStatement()) {
      List<String> has = new ArrayList<>();
      List<String> missing = new ArrayList<>();
      for (String role : Roles.ALL) {
        try (ResultSet row =
            statement.executeQuery(
                "SELECT r.oid IS NOT NULL, coalesce(pg_has_role(r.oid, 'MEMBER'), false)"
                    + " FROM (VALUES ('%s')) AS wanted (name)".formatted(role)
                    + " LEFT JOIN pg_roles r ON r.rolname = wanted.name")) {
          row.next();
          if (!row.getBoolean(1)) {
            missing.add(role);
          } else if (row.getBoolean(2)) {
            has.add(role);
          }
        }
      }
      Instant before = Instant.now();
      try (ResultSet row =
          statement.executeQuery(
              """
              SELECT current_setting('server_version'),
                     current_setting('server_version_num')::integer,
                     (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
                     coalesce(has_schema_privilege('public', current_schema(), 'CREATE'), false),
                     coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),
                     clock_timestamp()""")) {
        row.next();
        Duration took = Duration.between(before, Instant.now());
        Instant middle = before.plus(took.dividedBy(2));
        return new DatabaseSight(
            row.getString(1).replaceFirst(" .*", ""),
            row.getInt(2),
            schema,
            Migrations.newest(),
            row.getBoolean(3),
            has,
            missing,
            row.getBoolean(4),
            row.getBoolean(5),
            Duration.between(middle, row.getTimestamp(6).toInstant()),
            took.dividedBy(2));
      }
    }
  }

  /** Whether the schema is the one of this program. */
  public boolean current() {
    return schema.found().equals(OptionalInt.of(wanted));
  }

  /** What keeps this user from using the record, and who can help. */
  public String remedy() {
    return schema.remedy(wanted);
  }
}
