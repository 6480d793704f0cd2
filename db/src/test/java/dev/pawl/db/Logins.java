package dev.pawl.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Users of a test database that may log in, each a member of some role; gone when closed. */
public final class Logins implements AutoCloseable {
  /** Of every user that is not given another one. */
  public static final String PASSWORD = "not a secret";

  private final JdbcSettings owner;
  private final List<String> made = new ArrayList<>();

  /** On the server of a database, made by whoever these settings are of. */
  public Logins(JdbcSettings owner) {
    this.owner = owner;
  }

  /** A new user with these roles. */
  public JdbcSettings with(String... roles) throws SQLException {
    return named(
        "login_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12), PASSWORD, roles);
  }

  /** The same with a name and a password of its own. */
  public JdbcSettings named(String user, String password, String... roles) throws SQLException {
    try (Connection connection = Connections.of(owner);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(user, password));
      made.add(user);
      for (String role : roles) {
        statement.execute("GRANT %s TO %s".formatted(role, user));
      }
    }
    return new JdbcSettings(owner.url(), Optional.of(user), Optional.of(password));
  }

  /** A new role that nobody can log in as. */
  public String group() throws SQLException {
    String name = "group_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    try (Connection connection = Connections.of(owner);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE " + name);
      made.add(name);
    }
    return name;
  }

  @Override
  public void close() throws SQLException {
    Collections.reverse(made);
    try (Connection connection = Connections.of(owner);
        Statement statement = connection.createStatement()) {
      for (String name : made) {
        statement.execute("REASSIGN OWNED BY %s TO current_user".formatted(name));
        statement.execute("DROP OWNED BY " + name);
        statement.execute("DROP ROLE " + name);
      }
    }
  }
}
