package dev.pawl.activities.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.JdbcSettings;
import dev.pawl.db.TestDatabase;
import dev.pawl.model.dataset.FileDigests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A worker is stopped for real (SIGSTOP) in the middle of a stage, its lease passes, and a worker
 * of another process takes the stage over. Let go, the first one changes nothing: no file and no
 * row, neither while the other one is at work nor after it is done. The database is this process's,
 * so that it outlives both.
 */
class FencingTest {
  private static final String YAML =
      """
      experiment: fencing
      dataset: {stories: {documents: 200, valid_documents: 20, task_documents: 5}}
      models:
        one:
          model_config: {num_hidden_layers: 1, hidden_size: 16, num_attention_heads: 2}
      training:
        max_length: 32
        total_batch_size: 2
        num_train_steps: 20
        learning_rate: 1e-3
        save_steps: 8
        valid_samples: 4
      evaluation: {tasks: []}
      generation: {shapes: []}
      threads: 1
      """;

  private static final String[] TABLES = {
    "metric", "checkpoint", "artifact", "attempt", "evaluation", "generation", "finding"
  };

  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();
  private JdbcSettings settings;
  private Path home;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("fencing.yaml"), YAML);
    home = Files.createDirectory(folder.resolve("home"));
    settings = TestDatabase.freshSettings();
  }

  @AfterEach
  void end() {
    // SIGKILL ends a stopped process too.
    started.forEach(Process::destroyForcibly);
  }

  @ParameterizedTest
  @CsvSource({
    // Half a checkpoint is open; the other one writes the same step, and is in the middle of more.
    "pretrain.during_save=8, pretrain.step=14",
    // Behind the last look at the claim: deletion and move of a step that the other one has saved.
    "pretrain.before_save_move=16, pretrain.step=18",
    // Behind the last look at the claim, before the result is moved over the other one's.
    "pretrain.before_move, pretrain.after_done",
    // Written in place, under a lock that the stopped process keeps.
    "unshard.shard=2, unshard.before_move",
    "tokenize.document=60, tokenize.after_execute"
  })
  void aStoppedWorkerChangesNothingWhenItGoesOn(String first, String second) throws Exception {
    Process zombie = worker("zombie", "freeze@" + first, "once");
    awaitStopped(zombie, "zombie");
    Process successor = worker("successor", "freeze@" + second, "wait");
    awaitStopped(successor, "successor");
    Map<String, String> before = state();

    signal(zombie, "CONT");
    assertTrue(zombie.waitFor(60, TimeUnit.SECONDS), "the zombie does not end");
    String said = said("zombie");
    assertEquals(PlannedWorker.BUSY, zombie.exitValue(), said);
    assertTrue(said.contains("taken over"), said);
    assertEquals(before, state());

    signal(successor, "CONT");
    assertTrue(successor.waitFor(120, TimeUnit.SECONDS), "the successor does not end");
    assertEquals(0, successor.exitValue(), said("successor"));
    assertFalse(Files.exists(home.resolve("work")) && !isEmpty(home.resolve("work")));
    assertEquals(1, rows("SELECT count(DISTINCT sha256) FROM checkpoint WHERE step = 20").size());
    assertEquals(List.of("20"), rows("SELECT count(*) FROM metric WHERE name = 'train_loss'"));
    assertEquals(List.of("0"), rows("SELECT count(*) FROM finding"));
  }

  private Process worker(String name, String chaos, String patience) throws IOException {
    Process worker =
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
                home.toString(),
                folder.resolve("fencing.yaml").toString(),
                patience)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".txt").toFile())
            .start();
    started.add(worker);
    return worker;
  }

  private String said(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".txt"));
  }

  private void awaitStopped(Process process, String name) throws Exception {
    Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
    for (int i = 0; i < 2400; i++) {
      assertTrue(process.isAlive(), said(name));
      String line = Files.readString(stat);
      if (line.substring(line.lastIndexOf(')') + 2).startsWith("T")) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError(name + " did not stop: " + said(name));
  }

  private static void signal(Process process, String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** Every file with its digest and time, and every row. */
  private Map<String, String> state() throws Exception {
    Map<String, String> state = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(home)) {
      for (Path path : tree.toList()) {
        boolean file = Files.isRegularFile(path);
        state.put(
            home.relativize(path).toString(),
            Files.getLastModifiedTime(path)
                + (file ? " " + FileDigests.of(path, bytes -> {}).sha256() : ""));
      }
    }
    // The zombie's own names, under which it may make and remove a folder.
    state.keySet().removeIf(name -> name.equals("work") || name.matches("(work|artifacts)/[^/]*"));
    for (String table : TABLES) {
      state.put(
          "table " + table, String.join("\n", rows("SELECT t::text FROM %s t".formatted(table))));
    }
    state.put("stages", String.join("\n", rows("SELECT key || status || attempt FROM stage")));
    return state;
  }

  private List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(
                settings.url(), settings.user().orElse(null), settings.password().orElse(null));
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(sql + (sql.contains("count") ? "" : " ORDER BY 1"))) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    }
    return rows;
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.findAny().isEmpty();
    }
  }
}
