package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.JdbcSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Workers in processes of their own, that share a PostgreSQL, a Temporal server and a home. */
final class TestCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Path folder;
  private final JdbcSettings database;
  private final Map<String, String> environment = new HashMap<>();
  private final List<PawlProcess> workers = new ArrayList<>();

  /**
   * A cluster without workers.
   *
   * @param temporal address of the server
   */
  TestCluster(Path folder, String temporal, JdbcSettings database) {
    this.folder = folder;
    this.database = database;
    environment.put("TEMPORAL_ADDRESS", temporal);
    environment.put("PAWL_JDBC_URL", database.url());
    environment.put("PAWL_JDBC_USER", database.user().orElse(""));
    environment.put("PAWL_JDBC_PASSWORD", database.password().orElse(""));
  }

  /** A command in the cluster's surroundings. */
  PawlProcess pawl(String... arguments) throws IOException {
    return at("home", arguments);
  }

  private PawlProcess at(String home, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", folder.resolve(home).toString()));
    return PawlProcess.start(folder, environment, all.toArray(String[]::new));
  }

  /** The same, when it has ended well. */
  PawlProcess done(String... arguments) throws IOException, InterruptedException {
    PawlProcess process = pawl(arguments);
    assertEquals(0, process.exitCode(), process.out() + process.err());
    return process;
  }

  /** A worker that serves. */
  PawlProcess worker(String name) throws IOException, InterruptedException {
    return worker(name, "home");
  }

  /** The same with a home of its own, which is another place. */
  PawlProcess worker(String name, String home) throws IOException, InterruptedException {
    return serving(at(home, "worker", "--name", name, "--threads", "1"));
  }

  /** The same, to which faults happen, as after {@code --chaos}. */
  PawlProcess faultyWorker(String name, String faults) throws IOException, InterruptedException {
    environment.put("PAWL_CHAOS", faults);
    try {
      return worker(name);
    } finally {
      environment.remove("PAWL_CHAOS");
    }
  }

  private PawlProcess serving(PawlProcess worker) throws IOException, InterruptedException {
    workers.add(worker);
    awaitWord(worker, "serves workflows, data, device");
    return worker;
  }

  static void awaitWord(PawlProcess process, String word) throws IOException, InterruptedException {
    while (!process.err().contains(word)) {
      assertTrue(process.process.isAlive(), process.out() + process.err());
      Thread.sleep(20);
    }
  }

  /** Waits until a query's first column says yes; returns the seconds that took. */
  double await(String what, String condition) throws InterruptedException {
    long begun = System.nanoTime();
    while (!"t".equals(ask("SELECT (" + condition + ")::text::char(1)"))) {
      double waited = (System.nanoTime() - begun) / 1e9;
      assertTrue(waited < PATIENCE.toSeconds(), "still not " + what);
      Thread.sleep(50);
    }
    return (System.nanoTime() - begun) / 1e9;
  }

  /** Waits until a training has come to a step. */
  double awaitStep(int attempt, int step) throws InterruptedException {
    return await(
        "at step " + step,
        """
        SELECT EXISTS (SELECT FROM stage WHERE kind = 'pretrain' AND status = 'RUNNING'
                          AND attempt >= %d AND (progress ->> 'done')::int >= %d)"""
            .formatted(attempt, step));
  }

  double awaitStatus(String status) throws InterruptedException {
    return await(
        status, "SELECT count(*) > 0 AND bool_and(status = '%s') FROM run".formatted(status));
  }

  /** The first column of the first row; empty while the database is away. */
  String ask(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    } catch (SQLException away) {
      return "";
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        database.url() + (database.url().contains("?") ? "&" : "?") + "connectTimeout=5",
        database.user().orElse(null),
        database.password().orElse(null));
  }

  /** The attempts at the training, a line each. */
  List<String> attempts() {
    return ask("""
            SELECT string_agg(format('attempt %s on pid %s, %s s: %s %s', a.attempt, a.pid,
                                     round(extract(epoch FROM a.finished_at - a.started_at)),
                                     a.outcome, a.message), '|' ORDER BY a.attempt)
              FROM attempt a JOIN stage s ON s.key = a.stage_key AND s.kind = 'pretrain'""")
        .lines()
        .flatMap(line -> Arrays.stream(line.split("\\|")))
        .toList();
  }

  /** Digest of the weights of the only training's last checkpoint. */
  String digest() {
    return ask("SELECT sha256 FROM checkpoint WHERE removed_at IS NULL ORDER BY step DESC LIMIT 1");
  }

  @Override
  public void close() {
    for (PawlProcess worker : workers) {
      worker.process.destroyForcibly().onExit().join();
    }
  }
}
