package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.db.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What two workers and a Temporal server do when processes are killed, in many minutes. Run by
 * hand, with {@code temporal} on the PATH for a development server, or with {@code
 * -Dpawl.test.embedded.temporal=true} for the embedded one:
 *
 * <pre>mvn -pl cli -am test -Dtest=ClusterSoak -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class ClusterSoak {
  private static final double AFTER_KILL_SECONDS = 90;
  private static final double AFTER_TERM_SECONDS = 15;
  private static final int STEPS = Integer.getInteger("soak.steps", 12_000);
  private static final int SAVE_STEPS = STEPS / 6;

  /** As the file says. */
  private static final int LOGGING_STEPS = 50;

  private static final String SECOND_ATTEMPT =
      "SELECT EXISTS (SELECT FROM attempt a JOIN stage s ON s.key = a.stage_key"
          + " AND s.kind = 'pretrain' WHERE a.attempt = 2)";

  /** Digest of the same training left alone, once there is one. */
  private static String straight = "";

  @TempDir Path folder;
  private TemporalServer server;
  private TestCluster cluster;

  @BeforeEach
  void start() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        folder.resolve("contract.yaml"), ClusterContractTest.YAML.formatted(STEPS, SAVE_STEPS));
    server = TemporalServer.start(folder);
    cluster = new TestCluster(folder, server.address(), TestDatabase.freshSettings());
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
    server.close();
  }

  @Test
  void aWorkerKilledInItsTraining() throws Exception {
    PawlProcess first = training();
    cluster.worker("second");
    cluster.awaitStep(1, STEPS / 3);
    first.process.destroyForcibly().waitFor();
    double seconds = cluster.await("taken over", SECOND_ATTEMPT);
    say("SIGKILL: taken over after %.1f s", seconds);
    assertTrue(seconds < AFTER_KILL_SECONDS, "after " + seconds + " s");
    sameBits();
    String resumed =
        cluster.ask(
            "SELECT min(step) FROM attempt_segment g JOIN stage s ON s.key = g.stage_key"
                + " AND s.kind = 'pretrain' WHERE g.attempt = 2 AND g.step IS NOT NULL");
    say("SIGKILL: went on from step %s", resumed);
    assertTrue(Integer.parseInt(resumed) >= SAVE_STEPS, resumed);
  }

  @Test
  void aWorkerAskedToEnd() throws Exception {
    PawlProcess first = training();
    cluster.worker("second");
    cluster.awaitStep(1, STEPS / 3);
    first.process.destroy();
    double seconds = cluster.await("taken over", SECOND_ATTEMPT);
    say("SIGTERM: taken over after %.1f s", seconds);
    assertEquals(0, first.exitCode(), first.err());
    assertTrue(seconds < AFTER_TERM_SECONDS, "after " + seconds + " s");
    sameBits();
  }

  @Test
  void theOnlyWorkerKilledAndStartedAgain() throws Exception {
    PawlProcess first = training();
    cluster.awaitStep(1, STEPS / 3);
    first.process.destroyForcibly().waitFor();
    long begun = System.nanoTime();
    cluster.worker("again");
    cluster.await("taken over", SECOND_ATTEMPT);
    double seconds = (System.nanoTime() - begun) / 1e9;
    say("SIGKILL of the only worker: taken over after %.1f s", seconds);
    assertTrue(seconds < AFTER_KILL_SECONDS, "after " + seconds + " s");
    sameBits();
  }

  @Test
  void thePlaceOfARunLost() throws Exception {
    PawlProcess first = training();
    cluster.worker("second", "another");
    cluster.awaitStep(1, STEPS / 3);
    first.process.destroyForcibly().waitFor();
    double seconds = cluster.await("taken over", SECOND_ATTEMPT);
    say("place lost: begun again after %.1f s", seconds);
    sameBits();
  }

  @Test
  void theServerRestartedInMidRun() throws Exception {
    assumeTrue(server.remembers(), "the embedded server forgets all when it ends");
    training();
    cluster.worker("second");
    cluster.awaitStep(1, STEPS / 3);
    server.kill();
    Thread.sleep(5000);
    server.up();
    sameBits();
    say("restart of Temporal: %s attempts at the training", attempts());
  }

  @Test
  void whatAnOperatorAsks() throws Exception {
    training();
    cluster.done("pause", "one");
    cluster.awaitStatus("PAUSED");
    cluster.done("resume", "one");
    cluster.awaitStep(2, 100);
    cluster.done("stop", "one");
    cluster.awaitStatus("STOPPED");
    cluster.done("retry", "one", "--submit");
    cluster.awaitStep(3, 100);
    cluster.done("cancel", "one");
    cluster.awaitStatus("CANCELLED");
    cluster.done("retry", "one", "--submit");
    sameBits();
    PawlProcess show = cluster.done("show", "--watch", "one");
    assertTrue(show.out().contains("status      DONE"), show.out());
  }

  @Test
  void aSweepOverTwoWorkersOfWhichOneIsKilled() throws Exception {
    PawlProcess first = cluster.worker("first");
    cluster.worker("second");
    cluster.done(
        "submit",
        "contract.yaml",
        "--sweep",
        "seed=1,2,3,4",
        "training.num_train_steps=" + STEPS / 3,
        "sweep.max_in_flight=2");
    cluster.await("half done", "SELECT count(*) FILTER (WHERE status = 'DONE') >= 1 FROM run");
    first.process.destroyForcibly().waitFor();
    cluster.awaitStatus("DONE");
    say("sweep: 4 runs done with one of two workers killed");
    cluster.done("verify", "contract/1");
  }

  private PawlProcess training() throws IOException, InterruptedException {
    PawlProcess first = cluster.worker("first");
    cluster.done("submit", "contract.yaml");
    cluster.awaitStep(1, 100);
    return first;
  }

  private void sameBits() throws IOException, InterruptedException {
    cluster.awaitStatus("DONE");
    if (straight.isEmpty()) {
      PawlProcess alone =
          PawlProcess.start(
              folder,
              "run",
              "contract.yaml",
              "-o",
              "json",
              "--home",
              folder.resolve("straight").toString());
      assertEquals(0, alone.exitCode(), alone.err());
      straight = alone.json().path(0).path("checkpoint").path("sha256").asText();
    }
    say("digest %s, straight %s", cluster.digest(), straight);
    assertEquals(64, straight.length());
    assertEquals(straight, cluster.digest());
    assertEquals(Integer.toString(STEPS / LOGGING_STEPS), rows());
    assertEquals("0", cluster.ask("SELECT count(*) FROM finding"));
  }

  /** A row for each step, whoever made it. */
  private String rows() {
    return cluster.ask("SELECT count(DISTINCT step) FROM metric WHERE name = 'train_loss'");
  }

  private String attempts() {
    return cluster.ask(
        "SELECT max(a.attempt) FROM attempt a JOIN stage s ON s.key = a.stage_key"
            + " AND s.kind = 'pretrain'");
  }

  private static void say(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format + "%n", arguments);
  }
}
