package dev.pawl.activities.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.store.ObjectStores;
import dev.pawl.activities.store.S3Server;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two workers, each a process with a home of its own, share one database and one artifact store.
 * The one that trains is killed; the other one goes on from its last checkpoint and ends with the
 * digest of a training that nobody disturbed. The first home is gone by then.
 */
class SharedStoreTest {
  private static final String YAML =
      """
      experiment: shared
      dataset: {stories: {documents: 200, valid_documents: 20, task_documents: 5}}
      models:
        one:
          model_config: {num_hidden_layers: 1, hidden_size: 16, num_attention_heads: 2}
      training:
        max_length: 32
        total_batch_size: 2
        num_train_steps: 20
        learning_rate: 1e-3
        save_steps: 4
        valid_samples: 4
        checkpoints: {keep_last: 1, keep_every: 4}
      evaluation: {tasks: []}
      generation: {shapes: []}
      threads: 1
      """;

  @TempDir Path folder;
  private JdbcSettings settings = TestDatabase.freshSettings();

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("shared.yaml"), YAML);
  }

  @Test
  void theOtherHostGoesOnAndEndsWithTheSameDigest() throws Exception {
    assertEquals(0, worker("alone", "", Map.of()), said("alone"));
    String undisturbed = digest();
    settings = TestDatabase.freshSettings();
    try (S3Server server = S3Server.start(Files.createDirectory(folder.resolve("server")))) {
      Map<String, String> environment = new TreeMap<>(server.processEnvironment());
      environment.put(ObjectStores.VARIABLE, "s3://" + S3Server.BUCKET + "/shared");
      killedThere(environment, undisturbed);
    }
  }

  private void killedThere(Map<String, String> environment, String undisturbed) throws Exception {
    assertEquals(137, worker("gone", "kill@pretrain.after_copy=12", environment), said("gone"));
    // That host is gone, and its disk with it.
    remove(folder.resolve("gone"));
    assertEquals(0, worker("there", "", environment), said("there"));
    assertEquals(undisturbed, digest());
    assertEquals(
        List.of("4", "8", "12"),
        rows("SELECT step FROM checkpoint WHERE step <= 12 AND removed_at IS NULL ORDER BY step"));
    assertTrue(said("there").contains("training goes on after step 12 of"), said("there"));
    assertEquals(List.of(), rows("SELECT message FROM finding"));
  }

  private int worker(String home, String chaos, Map<String, String> environment) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "-Dpawl.chaos=" + chaos,
                PlannedWorker.class.getName(),
                settings.url(),
                settings.user().orElse(""),
                settings.password().orElse(""),
                Files.createDirectories(folder.resolve(home)).toString(),
                folder.resolve("shared.yaml").toString(),
                "wait")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(home + ".txt").toFile());
    builder.environment().putAll(environment);
    Process worker = builder.start();
    try {
      assertTrue(worker.waitFor(120, TimeUnit.SECONDS), () -> home + " does not end");
      return worker.exitValue();
    } finally {
      worker.destroyForcibly();
    }
  }

  private String said(String home) throws IOException {
    return Files.readString(folder.resolve(home + ".txt"));
  }

  /** Of the artifact of the training: its checkpoints and metrics. */
  private String digest() throws SQLException {
    List<String> digests =
        rows(
            "SELECT a.digest FROM artifact a JOIN stage s ON s.key = a.stage_key"
                + " WHERE s.kind = 'pretrain'");
    assertEquals(1, digests.size());
    return digests.get(0);
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(
                settings.url(), settings.user().orElse(null), settings.password().orElse(null));
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    }
    return rows;
  }
}
