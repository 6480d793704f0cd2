package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * {@code experiments/sweep.yaml} killed three times at random moments. Run by hand, for some
 * minutes:
 *
 * <pre>mvn -pl cli -am test -Dtest=SweepSoak -Dsurefire.failIfNoSpecifiedTests=false</pre>
 *
 * <p>{@code -Dsoak.seed=1} chooses other moments, {@code -Dsoak.kills=3} how many.
 */
class SweepSoak {
  private static final int KILLS = Integer.getInteger("soak.kills", 3);
  private static final int LATEST_SECONDS = 60;

  @Test
  void everyRunIsDoneOnceAfterThreeKills() throws Exception {
    Random random = new Random(Long.getLong("soak.seed", 1));
    Path folder = Files.createTempDirectory("sweep");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path house = Path.of("").toAbsolutePath().getParent();
    Path home = folder.resolve("home");
    String[] command = {
      "run", house.resolve("experiments/sweep.yaml").toString(), "-o", "json", "--home", "" + home
    };
    long begun = System.nanoTime();
    for (int kill = 1; kill <= KILLS; kill++) {
      PawlProcess process = PawlProcess.start(folder, command);
      double seconds = 8 + random.nextDouble() * (LATEST_SECONDS - 8);
      boolean ended = process.process.waitFor(Math.round(seconds * 1000), TimeUnit.MILLISECONDS);
      assertTrue(!ended, "ended before kill " + kill + ": " + process.err());
      process.process.destroyForcibly().waitFor();
      System.out.printf("kill %d after %.1f s%n", kill, seconds);
    }
    PawlProcess last = PawlProcess.start(folder, command);
    assertEquals(0, last.exitCode(), last.err());
    System.out.printf(
        "done after %d s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
    assertEquals(8, last.json().size(), last.out());
    try (EmbeddedPostgres server = EmbeddedPostgres.start(home.resolve("postgres"));
        Connection connection =
            DriverManager.getConnection(
                server.settings().url(),
                server.settings().user().orElseThrow(),
                server.settings().password().orElseThrow())) {
      assertEquals(
          List.of("8 DONE"), lines(connection, "SELECT count(*), status FROM run GROUP BY status"));
      assertEquals(List.of("DONE"), lines(connection, "SELECT state FROM sweep"));
      // A stage is done by one attempt, however many were begun.
      assertEquals(
          List.of(),
          lines(
              connection,
              """
              SELECT s.kind, s.key, count(a.*) FILTER (WHERE a.outcome = 'DONE')
                FROM stage s LEFT JOIN attempt a ON a.stage_key = s.key
               GROUP BY s.key
              HAVING count(a.*) FILTER (WHERE a.outcome = 'DONE') <> 1"""));
      assertEquals(
          List.of("1 corpus", "1 tokenize"),
          lines(
              connection,
              """
              SELECT count(*), kind FROM stage WHERE kind IN ('corpus', 'tokenize')
               GROUP BY kind ORDER BY kind"""));
      assertEquals(
          List.of("8 pretrain"),
          lines(
              connection,
              "SELECT count(*), kind FROM stage WHERE kind = 'pretrain' GROUP BY kind"));
      assertEquals(List.of(), lines(connection, "SELECT message FROM finding WHERE NOT note"));
    }
    PawlProcess again = PawlProcess.start(folder, command);
    assertEquals(0, again.exitCode(), again.err());
    assertTrue(again.err().contains("all 8 runs of sweep are done"), again.err());
  }

  private static List<String> lines(Connection connection, String sql) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      int columns = row.getMetaData().getColumnCount();
      while (row.next()) {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          cells.add(row.getString(i));
        }
        lines.add(String.join(" ", cells));
      }
    }
    return lines;
  }
}
