package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.db.JdbcSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL and Temporal, each away for two minutes ({@code -Dsoak.seconds=120}) in the middle of
 * a training with two workers. Run by hand as {@link ClusterSoak}, with {@code temporal} on the
 * PATH.
 */
class OutageSoak {
  private static final int SECONDS = Integer.getInteger("soak.seconds", 120);
  private static final int STEPS = Integer.getInteger("soak.steps", 60_000);

  @TempDir Path folder;

  @Test
  void bothAwayOneAfterTheOther() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        folder.resolve("contract.yaml"), ClusterContractTest.YAML.formatted(STEPS, STEPS / 30));
    Path home = folder.resolve("database");
    PostgresProcess database = PostgresProcess.start(folder, home, "first");
    try (TemporalServer server = TemporalServer.start(folder);
        TestCluster cluster = new TestCluster(folder, server.address(), database.settings())) {
      assumeTrue(server.remembers(), "the embedded server forgets all when it ends");
      PawlProcess first = cluster.worker("first");
      cluster.done("submit", "contract.yaml");
      cluster.worker("second");
      cluster.awaitStep(1, STEPS / 60);

      database.kill();
      say("PostgreSQL is away");
      Thread.sleep(SECONDS * 1000L);
      assertTrue(first.process.isAlive(), first.err());
      JdbcSettings settings = database.settings();
      database = PostgresProcess.start(folder, home, "second");
      assertEquals(settings, database.settings());
      long begun = System.nanoTime();
      int before = Integer.parseInt(cluster.ask(STEP));
      cluster.awaitStep(1, before + STEPS / 60);
      say(
          "PostgreSQL is back; %d steps later: %.1f s",
          STEPS / 60, (System.nanoTime() - begun) / 1e9);

      server.kill();
      say("Temporal is away");
      Thread.sleep(SECONDS * 1000L);
      int meanwhile = Integer.parseInt(cluster.ask(STEP));
      server.up();
      say("Temporal is back; meanwhile the training came to step %d", meanwhile);
      cluster.awaitStatus("DONE");
      say(
          "done after %s attempts at the training",
          cluster.ask(
              "SELECT max(a.attempt) FROM attempt a JOIN stage s ON s.key = a.stage_key"
                  + " AND s.kind = 'pretrain'"));
      for (String each : cluster.attempts()) {
        say("  %s", each);
      }
      PawlProcess straight =
          PawlProcess.start(
              folder,
              "run",
              "contract.yaml",
              "-o",
              "json",
              "--home",
              folder.resolve("straight").toString());
      assertEquals(0, straight.exitCode(), straight.err());
      String expected = straight.json().path(0).path("checkpoint").path("sha256").asText();
      say("digest %s, straight %s", cluster.digest(), expected);
      assertEquals(expected, cluster.digest());
      assertEquals(
          Integer.toString(STEPS / 50),
          cluster.ask("SELECT count(DISTINCT step) FROM metric WHERE name = 'train_loss'"));
      assertEquals("0", cluster.ask("SELECT count(*) FROM finding"));
    } finally {
      database.close();
    }
  }

  private static final String STEP =
      "SELECT coalesce(max((progress ->> 'done')::int), 0) FROM stage WHERE kind = 'pretrain'";

  private static void say(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format + "%n", arguments);
  }
}
