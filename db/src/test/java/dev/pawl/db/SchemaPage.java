package dev.pawl.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** docs/schema.md, out of the database's own catalog and comments. */
final class SchemaPage {
  private static final String HEAD =
      """
      # The record

      Made by a test from the database's own catalog and comments; change those, not this page:
      `mvn -pl db test -Dtest=SchemaPageTest -Dpawl.write=true`.

      Read through the views: their names and columns stay, and new columns come at the end. Every view
      has a line, or some, for each run, and `run_id` chooses; [queries.md](queries.md) has examples. The
      tables are Pawl's own, and may change with its version. Times are `timestamptz`, durations have
      their unit in the name, losses are nats a predicted token.
      """;

  private final Connection connection;
  private final StringBuilder page = new StringBuilder(HEAD);

  private SchemaPage(Connection connection) {
    this.connection = connection;
  }

  /** The page. */
  static String of(Connection connection) throws SQLException {
    SchemaPage made = new SchemaPage(connection);
    made.relations("Views", "v");
    made.relations("Tables", "r");
    made.functions();
    return made.page.toString();
  }

  /** Whatever has no comment: {@code table}, {@code table.column} or {@code function()}. */
  static List<String> withoutComment(Connection connection) throws SQLException {
    return new SchemaPage(connection)
        .texts(
            """
            SELECT c.relname || coalesce('.' || a.attname, '')
              FROM pg_class c
              LEFT JOIN LATERAL (
                   SELECT attname, attnum FROM pg_attribute
                    WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
                    UNION ALL SELECT NULL, 0) a ON true
             WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'v', 'm')
               AND c.relname <> 'flyway_schema_history'
               AND CASE a.attnum WHEN 0 THEN obj_description(c.oid, 'pg_class')
                                 ELSE col_description(c.oid, a.attnum) END IS NULL
             UNION ALL
            SELECT proname || '()' FROM pg_proc
             WHERE pronamespace = current_schema()::regnamespace
               AND obj_description(oid, 'pg_proc') IS NULL
             ORDER BY 1""");
  }

  private void relations(String title, String kind) throws SQLException {
    Map<String, String> comments = new TreeMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT relname, obj_description(oid, 'pg_class') AS meaning
              FROM pg_class
             WHERE relnamespace = current_schema()::regnamespace AND relkind::text = ?
               AND relname <> 'flyway_schema_history'""")) {
      query.setString(1, kind);
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          comments.put(found.getString(1), found.getString(2));
        }
      }
    }
    page.append("\n## ").append(title).append('\n');
    for (Map.Entry<String, String> relation : comments.entrySet()) {
      page.append("\n### ").append(relation.getKey()).append("\n\n");
      page.append(relation.getValue()).append("\n\n");
      columns(relation.getKey(), kind.equals("r"));
      if (kind.equals("r")) {
        keys(relation.getKey());
      }
    }
  }

  private void columns(String relation, boolean table) throws SQLException {
    page.append(table ? "| column | type | null | meaning |\n" : "| column | type | meaning |\n");
    page.append(table ? "|---|---|---|---|\n" : "|---|---|---|\n");
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT attname, format_type(atttypid, atttypmod), attnotnull,
                   col_description(attrelid, attnum)
              FROM pg_attribute
             WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped
             ORDER BY attnum""")) {
      query.setString(1, relation);
      try (ResultSet column = query.executeQuery()) {
        while (column.next()) {
          page.append("| `%s` | %s |".formatted(column.getString(1), column.getString(2)));
          if (table) {
            page.append(column.getBoolean(3) ? " |" : " yes |");
          }
          page.append(" ").append(cell(column.getString(4))).append(" |\n");
        }
      }
    }
  }

  private void keys(String table) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT pg_get_constraintdef(oid)
              FROM pg_constraint
             WHERE conrelid = ?::regclass AND contype IN ('p', 'u', 'f', 'c')
             ORDER BY position(contype IN 'pufc'), conname COLLATE "C\"""")) {
      query.setString(1, table);
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          lines.add(found.getString(1));
        }
      }
    }
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT pg_get_indexdef(indexrelid)
              FROM pg_index
             WHERE indrelid = ?::regclass
               AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid
                                                           AND conrelid = indrelid)
             ORDER BY indexrelid::regclass::text COLLATE "C\"""")) {
      query.setString(1, table);
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          lines.add(
              found
                  .getString(1)
                  .replaceFirst("^CREATE ", "")
                  .replaceFirst(" ON \\S+ USING btree", "")
                  .replaceFirst("INDEX (\\S+)", "INDEX $1"));
        }
      }
    }
    if (!lines.isEmpty()) {
      page.append('\n');
      lines.forEach(line -> page.append("- `").append(line).append("`\n"));
    }
  }

  private void functions() throws SQLException {
    page.append("\n## Functions\n\n| function | meaning |\n|---|---|\n");
    for (String line :
        texts(
            """
            SELECT '| `' || oid::regprocedure || '` | ' || obj_description(oid, 'pg_proc') || ' |'
              FROM pg_proc
             WHERE pronamespace = current_schema()::regnamespace
             ORDER BY proname COLLATE "C\"""")) {
      page.append(line).append('\n');
    }
  }

  private List<String> texts(String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(sql);
        ResultSet found = query.executeQuery()) {
      while (found.next()) {
        texts.add(found.getString(1));
      }
    }
    return texts;
  }

  private static String cell(String meaning) {
    return String.valueOf(meaning).replace("|", "\\|");
  }
}
