package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.db.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers of a Temporal server, in processes of their own. What takes longer is in {@link
 * ClusterSoak}.
 */
class ClusterContractTest {
  /** As the requirement has it; a step, a save and a new start of the engine fit many times. */
  private static final double HAND_OVER_SECONDS = 15;

  static final String YAML =
      """
      experiment: contract
      dataset: {stories: {documents: 300, valid_documents: 40, task_documents: 20}}
      models:
        one:
          model_config: {num_hidden_layers: 1, hidden_size: 32, num_attention_heads: 2}
      training:
        max_length: 64
        total_batch_size: 4
        num_train_steps: %d
        learning_rate: 1e-3
        save_steps: %d
        logging_steps: 50
      evaluation: {tasks: []}
      generation: {shapes: []}
      threads: 1
      """;

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(folder.resolve("contract.yaml"), YAML.formatted(1000, 1000));
  }

  @Test
  void aWorkerThatIsAskedToEndHandsOverAndTheBitsAreTheSame() throws Exception {
    PawlProcess straight =
        PawlProcess.start(
            folder,
            "run",
            "contract.yaml",
            "-o",
            "json",
            "--home",
            folder.resolve("straight").toString());
    try (TemporalServer server = TemporalServer.start(folder);
        TestCluster cluster =
            new TestCluster(folder, server.address(), TestDatabase.freshSettings())) {
      // It must not be done before the other one serves.
      PawlProcess first = cluster.faultyWorker("first", "stall:8@pretrain.step=200");
      PawlProcess submitted = cluster.done("submit", "contract.yaml", "-o", "json");
      assertEquals("one", submitted.json().path(0).path("run").asText());
      assertTrue(submitted.err().contains("pawl show --watch "), submitted.err());
      cluster.awaitStep(1, 100);
      PawlProcess refused = cluster.pawl("worker", "--device", "cpu:0");
      cluster.worker("second");
      JsonNode workers = cluster.done("workers", "-o", "json").json();
      assertEquals("contract/one", workers.path(0).path("run").asText(), workers.toString());
      assertEquals("pretrain", workers.path(0).path("stage").asText());
      assertEquals("cpu:1", workers.path(1).path("device").asText());
      assertEquals("ALIVE", workers.path(1).path("state").asText());

      assertEquals(ExitCode.BUSY, refused.exitCode(), refused.err());
      assertTrue(refused.err().contains("cpu:0 of "), refused.err());
      assertTrue(refused.err().contains("is taken by worker first (pid "), refused.err());
      if (server.remembers()) {
        server.kill();
        server.up();
      }
      first.process.destroy();
      double seconds =
          cluster.await(
              "taken over",
              "SELECT EXISTS (SELECT FROM attempt WHERE attempt = 2 AND outcome IS NULL)"
                  + " OR EXISTS (SELECT FROM stage WHERE kind = 'pretrain' AND status = 'DONE')");
      assertEquals(0, first.exitCode(), first.err());
      assertTrue(seconds < HAND_OVER_SECONDS, "taken over after " + seconds + " s");
      cluster.awaitStatus("DONE");
      if (server.remembers()) {
        found(server, "PawlExperiment = 'contract'", 2);
        found(server, "PawlRun = 'one' AND PawlModel = 'vanilla' AND PawlStage = 'report'", 1);
      }
      assertEquals(0, straight.exitCode(), straight.err());
      assertEquals(
          straight.json().path(0).path("checkpoint").path("sha256").asText(), cluster.digest());
      assertEquals(
          "RELEASED second",
          cluster.ask(
              """
              SELECT a.outcome || ' ' || (SELECT w.name FROM worker w JOIN attempt b
                                              ON b.pid = w.pid AND b.host = w.host
                                           WHERE b.stage_key = a.stage_key AND b.attempt = 2)
                FROM attempt a JOIN stage s ON s.key = a.stage_key AND s.kind = 'pretrain'
               WHERE a.attempt = 1"""));
    }
  }

  /** What a workflow says of itself reaches the server's lists a little later. */
  private static void found(TemporalServer server, String query, int workflows)
      throws InterruptedException {
    for (int look = 0; look < 100 && server.count(query) != workflows; look++) {
      Thread.sleep(100);
    }
    assertEquals(workflows, server.count(query), query);
  }

  @Test
  void withoutAServerTheCommandsSayWhatTheyNeed() {
    assumeFalse(TemporalConnection.isConfigured(), "TEMPORAL_ADDRESS is set");
    for (String[] command :
        new String[][] {
          {"worker"}, {"submit", folder.resolve("contract.yaml").toString()}, {"retry", "--submit"}
        }) {
      Said said = Said.pawl(command);
      assertEquals(ExitCode.USAGE, said.code(), said.err());
      assertTrue(said.err().contains("set TEMPORAL_ADDRESS=HOST:PORT"), said.err());
    }
    Said queue = Said.pawl("worker", "--queue", "devise");
    assertEquals(ExitCode.USAGE, queue.code());
    assertTrue(queue.err().contains("nearest: device"), queue.err());
  }
}
