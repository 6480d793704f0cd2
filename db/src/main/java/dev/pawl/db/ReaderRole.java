package dev.pawl.db;

import dev.pawl.db.embedded.EmbeddedPostgres;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The role {@code pawl_reader}, which may read every table and view and change none. In the
 * embedded server it has a password of its own; on a server of others, who it may be is for them to
 * say.
 */
public final class ReaderRole {
  /** Its name; roles belong to the server, so it is the same in every database. */
  public static final String NAME = "pawl_reader";

  private final Jdbi jdbi;
  private final JdbcSettings settings;
  private final @Nullable EmbeddedPostgres embedded;

  ReaderRole(Jdbi jdbi, JdbcSettings settings, @Nullable EmbeddedPostgres embedded) {
    this.jdbi = jdbi;
    this.settings = settings;
    this.embedded = embedded;
  }

  /**
   * Makes the role where there is none, and lets it read all that is there. Again, it does nothing;
   * nor does it for whoever does not own the tables.
   *
   * @return what is in the way, and who can help; empty when the role can read
   */
  public Optional<String> grant() {
    return jdbi.inTransaction(
        handle -> {
          boolean owner =
              handle
                  .createQuery("SELECT has_function_privilege('grant_reader()', 'EXECUTE')")
                  .mapTo(boolean.class)
                  .one();
          if (owner) {
            return handle.createQuery("SELECT grant_reader()").mapTo(String.class).findOne();
          }
          // Whoever does not own the tables grants nothing, and the owner has.
          boolean there =
              handle
                  .createQuery("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :role)")
                  .bind("role", NAME)
                  .mapTo(boolean.class)
                  .one();
          return there
              ? Optional.empty()
              : Optional.of("there is no role pawl_reader: let the owner run 'pawl migrate'");
        });
  }

  /** How the role logs in; empty on a server that is not the embedded one. */
  public Optional<JdbcSettings> login() {
    if (embedded == null || grant().isPresent()) {
      return Optional.empty();
    }
    return Optional.of(embedded.login(NAME, this::let));
  }

  // The password is hexadecimal, and no parameter can stand for it.
  private void let(String password) {
    jdbi.useTransaction(
        handle -> {
          handle.execute("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", NAME);
          handle.execute("ALTER ROLE " + NAME + " LOGIN PASSWORD '" + password + "'");
          handle.execute("ALTER ROLE " + NAME + " SET default_transaction_read_only = on");
          handle.execute("ALTER ROLE " + NAME + " SET work_mem = '32MB'");
        });
  }

  /** Whether queries run as the role; otherwise they run as whoever connects. */
  public boolean usable() {
    return login().isPresent()
        || (grant().isEmpty()
            && jdbi.withHandle(
                handle ->
                    handle
                        .createQuery("SELECT pg_has_role(current_user, :role, 'MEMBER')")
                        .bind("role", NAME)
                        .mapTo(boolean.class)
                        .one()));
  }

  /**
   * Runs one query as the role, or where that is not {@link #usable()} as whoever connects; in a
   * transaction that reads only and is rolled back in either case.
   *
   * @param limit rows at most
   * @throws SQLException with what the server says of the query
   */
  public QueryResult query(String sql, int limit) throws SQLException {
    Optional<JdbcSettings> login = login();
    JdbcSettings who = login.orElse(settings);
    Properties properties = new Properties();
    who.user().ifPresent(user -> properties.setProperty("user", user));
    who.password().ifPresent(password -> properties.setProperty("password", password));
    properties.setProperty("ApplicationName", "pawl sql");
    try (Connection connection = DriverManager.getConnection(who.url(), properties);
        Statement statement = connection.createStatement()) {
      if (login.isEmpty() && usable()) {
        statement.execute("SET ROLE " + NAME);
      }
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      statement.setMaxRows(limit < Integer.MAX_VALUE ? limit + 1 : 0);
      QueryResult result =
          statement.execute(sql)
              ? read(statement.getResultSet(), limit)
              : new QueryResult(List.of(), List.of(), false);
      connection.rollback();
      return result;
    }
  }

  private static QueryResult read(ResultSet result, int limit) throws SQLException {
    ResultSetMetaData about = result.getMetaData();
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= about.getColumnCount(); i++) {
      columns.add(about.getColumnLabel(i));
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    boolean cut = false;
    while (!cut && result.next()) {
      cut = rows.size() == limit;
      if (!cut) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
          row.add(value(result, i, about.getColumnTypeName(i)));
        }
        rows.add(Collections.unmodifiableList(row));
      }
    }
    return new QueryResult(columns, rows, cut);
  }

  private static @Nullable Object value(ResultSet result, int column, String type)
      throws SQLException {
    if (type.equals("json") || type.equals("jsonb")) {
      String text = result.getString(column);
      return text == null ? null : Json.tree(text);
    }
    Object value = result.getObject(column);
    if (value instanceof Timestamp time) {
      return type.equals("timestamptz") ? time.toInstant().toString() : time.toString();
    }
    if (value instanceof Array array && array.getArray() instanceof Object[] values) {
      return Arrays.asList(values);
    }
    boolean plain = value == null || value instanceof Number || value instanceof Boolean;
    return plain ? value : result.getString(column);
  }
}
