package dev.pawl.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Where the schema of a database stands, and who may bring it further.
 *
 * @param found version of the newest migration that was made; empty where there is no schema, or
 *     where this user may not read it
 * @param user whoever is connected
 * @param owner whoever owns the schema's tables; null where there is none yet
 * @param readable whether this user may read the record, or there is none yet
 * @param mayMigrate whether this user is the owner or belongs to it; where there is no schema yet,
 *     whether it may make one
 */
public record SchemaState(
    OptionalInt found, String user, @Nullable String owner, boolean readable, boolean mayMigrate) {

  /** Looks without changing anything. */
  public static SchemaState of(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      String user;
      @Nullable String owner;
      boolean readable;
      boolean mayMigrate;
      try (ResultSet row =
          statement.executeQuery(
              """
              SELECT current_user::text, pg_get_userbyid(c.relowner)::text,
                     c.oid IS NULL OR has_table_privilege(c.oid, 'SELECT'),
                     CASE WHEN c.oid IS NULL
                          THEN coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)
                          ELSE pg_has_role(c.relowner, 'USAGE') END
                FROM (VALUES (to_regclass('flyway_schema_history'))) AS history (place)
                LEFT JOIN pg_class c ON c.oid = history.place""")) {
        row.next();
        user = row.getString(1);
        owner = row.getString(2);
        readable = row.getBoolean(3);
        mayMigrate = row.getBoolean(4);
      }
      OptionalInt found = OptionalInt.empty();
      if (owner != null && readable) {
        try (ResultSet row =
            statement.executeQuery(
                "SELECT max(version::integer) FROM flyway_schema_history"
                    + " WHERE success AND version IS NOT NULL")) {
          row.next();
          int version = row.getInt(1);
          found = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(version);
        }
      }
      return new SchemaState(found, user, owner, readable, mayMigrate);
    }
  }

  /**
   * Says to somebody who may not migrate what is to be done.
   *
   * @param wanted version of this program
   */
  String remedy(int wanted) {
    if (owner == null) {
      return "there is no schema yet, and %s may not make one: let whoever owns the database run 'pawl migrate'"
          .formatted(user);
    }
    if (!readable) {
      return "%1$s may not read it: let %2$s run GRANT %3$s TO %1$s, or GRANT %4$s or %5$s (docs/security.md says which)"
          .formatted(user, owner, Roles.WORKER, Roles.OPERATOR, ReaderRole.NAME);
    }
    String is = found.isPresent() ? "version " + found.getAsInt() : "no version";
    return found.isPresent() && found.getAsInt() > wanted
        ? "it is at %s and this program knows %d: use a newer pawl".formatted(is, wanted)
        : "it is at %s and this program needs %d, but %s does not own it: let %s run 'pawl migrate'"
            .formatted(is, wanted, user, owner);
  }
}
