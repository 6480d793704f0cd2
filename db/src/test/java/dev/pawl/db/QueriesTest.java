package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every query of docs/queries.md gives what the page says on a record that is known by heart, and
 * reads a large one by the indexes that the page names. {@code -Dpawl.write=true} writes what the
 * queries give into the page, to be read before it is believed.
 */
class QueriesTest {
  private static final Path PAGE = Pages.of("queries.md");
  private static final Pattern QUERY =
      Pattern.compile(
          "```sql\\n(?<sql>.*?)```\\n\\n(```\\n(?<result>.*?)```\\n\\n)?Indexes: (?<indexes>[^\\n]*)\\n",
          Pattern.DOTALL);

  /** Whatever grows with steps, documents or attempts. */
  private static final Pattern READ_WHOLE =
      Pattern.compile(
          "Seq Scan on (metric|metric_last|evaluation|evaluation_document|checkpoint|generation"
              + "|attempt|attempt_segment|artifact)\\b");

  @Test
  void everyQueryGivesWhatThePageSays() throws SQLException, IOException {
    JdbcSettings settings = TestDatabase.freshSettings();
    try (Database database = Database.open(settings);
        Connection connection = Connections.of(settings);
        Statement statement = connection.createStatement()) {
      statement.execute(knownRecord());
      statement.execute("SET TIME ZONE 'UTC'");
      String page = Files.readString(PAGE);
      StringBuilder right = new StringBuilder();
      Matcher query = QUERY.matcher(page);
      int found = 0;
      while (query.find()) {
        found++;
        query.appendReplacement(
            right,
            Matcher.quoteReplacement(
                "```sql\n%s```\n\n```\n%s```\n\nIndexes: %s\n"
                    .formatted(
                        query.group("sql"),
                        result(statement, query.group("sql")),
                        query.group("indexes"))));
      }
      query.appendTail(right);
      assertTrue(found >= 20, found + " queries");
      assertEquals(found, page.split("```sql\n", -1).length - 1, "queries without their indexes");
      Pages.compare(PAGE, right.toString());
      assertTrue(database.reader().grant().isEmpty());
    }
  }

  @Test
  void noQueryReadsALargeTableFromEndToEnd() throws SQLException, IOException {
    JdbcSettings settings = TestDatabase.freshSettings();
    List<String> problems = new ArrayList<>();
    try (Database database = Database.open(settings);
        Connection connection = Connections.of(settings);
        Statement statement = connection.createStatement()) {
      ManyRuns.fill(
          settings,
          List.of(
              new ManyRuns.Shape("quickstart", 1, 6, 100, 0),
              new ManyRuns.Shape("sweep", 30, 50, 20, 0)));
      Matcher query = QUERY.matcher(Files.readString(PAGE));
      while (query.find()) {
        String plan = plan(statement, query.group("sql"));
        if (READ_WHOLE.matcher(plan).find()) {
          problems.add("reads all of a table: " + query.group("sql") + plan);
        }
        for (String index : query.group("indexes").replace("`", "").split(", ", -1)) {
          // Two ways round may cost the same, and the sample that PostgreSQL draws decides.
          String one = index.replace(" or ", "|");
          if (!Pattern.compile("\\b(using|on) (" + one + ")\\b").matcher(plan).find()) {
            problems.add("does not use " + index + ": " + query.group("sql") + plan);
          }
        }
      }
      assertEquals("", String.join("\n", problems));
      assertTrue(database.reader().grant().isEmpty());
    }
  }

  private static String knownRecord() throws IOException {
    try (var in = QueriesTest.class.getResourceAsStream("known-record.sql")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String plan(Statement statement, String sql) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (ResultSet lines = statement.executeQuery("EXPLAIN " + sql)) {
      while (lines.next()) {
        plan.append(lines.getString(1)).append('\n');
      }
    }
    return plan.toString();
  }

  /** Columns under their names, two spaces between them. */
  private static String result(Statement statement, String sql) throws SQLException {
    List<List<String>> lines = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      List<String> header = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        header.add(rows.getMetaData().getColumnLabel(i));
      }
      lines.add(header);
      while (rows.next()) {
        List<String> line = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          String value = rows.getString(i);
          line.add(value == null ? "" : value);
        }
        lines.add(line);
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder row = new StringBuilder();
      for (int i = 0; i < line.size(); i++) {
        int column = i;
        int width = lines.stream().mapToInt(each -> each.get(column).length()).max().orElse(0);
        row.append(line.get(i)).append(" ".repeat(width - line.get(i).length() + 2));
      }
      text.append(row.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
