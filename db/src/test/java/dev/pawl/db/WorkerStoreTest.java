package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who serves, what they are at, and who has a device. */
class WorkerStoreTest {
  private static final Owner ONE = new Owner("h1", 11, Instant.ofEpochMilli(5), "one");
  private static final Owner TWO = new Owner("h2", 22, Instant.ofEpochMilli(6), "two");

  private final JdbcSettings settings = TestDatabase.freshSettings();
  private final Database database = Database.open(settings);
  private final WorkerStore workers = database.workers();

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void workersAreListedWithWhatTheyHold() throws SQLException {
    String one = workers.started(worker(ONE, "cuda:0", "aaaa"));
    workers.started(worker(TWO, "cuda:0", "bbbb"));
    hold("run1", "key1", new Owner(ONE.host(), ONE.pid(), ONE.processStart(), "one-1"));

    List<WorkerRow> listed = workers.list(false);

    assertEquals(List.of("one", "two"), listed.stream().map(WorkerRow::name).toList());
    WorkerRow first = listed.get(0);
    assertEquals(WorkerState.ALIVE, first.state());
    assertEquals(List.of("data", "device"), first.queues());
    assertEquals(Optional.of("cuda:0"), first.device());
    assertEquals(Optional.of("exp/run1"), first.stages().get(0).run());
    assertEquals("pretrain", first.stages().get(0).kind());
    assertEquals(1, first.stages().get(0).attempt());
    assertTrue(first.stages().get(0).seconds() >= 0);
    assertEquals(List.of(), listed.get(1).stages());
    assertEquals(Optional.of("two"), workers.onDevice("h2", "cuda:0").map(WorkerRow::name));

    workers.stopping(one);
    assertEquals(WorkerState.STOPPING, workers.list(false).get(0).state());
    assertFalse(workers.placeServed("aaaa"));
    workers.stopped(one);
    assertEquals(1, workers.list(false).size());
    assertEquals(WorkerState.STOPPED, workers.list(true).get(0).state());
    // Started again, it is the same row.
    workers.started(worker(ONE, "cuda:0", "aaaa"));
    assertEquals(2, workers.list(true).size());
    assertEquals(WorkerState.ALIVE, workers.list(false).get(0).state());
  }

  @Test
  void aWorkerThatIsNotHeardOfIsGoneAndItsPlaceIsNotServed() throws SQLException {
    String id = workers.started(worker(ONE, "cpu:0", "aaaa"));
    assertTrue(workers.placeServed("aaaa"));
    execute("UPDATE worker SET seen_at = now() - interval '46 seconds'");
    assertEquals(WorkerState.GONE, workers.list(false).get(0).state());
    assertFalse(workers.placeServed("aaaa"));
    workers.seen(id);
    assertTrue(workers.placeServed("aaaa"));
    execute("UPDATE worker SET seen_at = now() - interval '2 days'");
    assertEquals(List.of(), workers.list(false));
  }

  @Test
  void theArtifactOfAStageLiesWhereItsMakerHasItsHome() {
    workers.started(worker(ONE, "cpu:0", "aaaa"));
    Claim claim = hold("run1", "key1", ONE);
    assertEquals(Optional.empty(), workers.placeOf("key1"));
    database.stages().complete(claim, new Completion("d", 1, "p", "pretrain", "{}"));
    assertEquals(Optional.of("aaaa"), workers.placeOf("key1"));
    assertEquals(Optional.empty(), workers.placeOf("another"));
  }

  @Test
  void aDeviceHasOneHolderUntilItsConnectionEnds() throws SQLException {
    DeviceLock held = database.device("h1", "cuda:0").orElseThrow();
    assertTrue(held.hold());
    try (Database other = Database.open(settings)) {
      assertEquals(Optional.empty(), other.device("h1", "cuda:0"));
      other.device("h1", "cuda:1").orElseThrow().close();
      other.device("h2", "cuda:0").orElseThrow().close();

      held.close();
      DeviceLock taken = other.device("h1", "cuda:0").orElseThrow();
      assertEquals(Optional.empty(), database.device("h1", "cuda:0"));

      // The server forgets the lock with the connection; the holder takes it again, once it looks.
      terminateHolders();
      assertTrue(taken.hold());
      assertEquals(Optional.empty(), database.device("h1", "cuda:0"));

      terminateHolders();
      DeviceLock faster = database.device("h1", "cuda:0").orElseThrow();
      assertFalse(taken.hold());
      faster.close();
      assertTrue(taken.hold());
      taken.close();
    }
  }

  private void terminateHolders() throws SQLException {
    execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory'"
            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = Connections.of(settings);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Claim hold(String run, String key, Owner owner) {
    NewStage stage = new NewStage(key, "pretrain", 1, "{}", Map.of());
    database
        .experiments()
        .register(
            new NewExperiment(
                "e1",
                "exp",
                "digest",
                "{}",
                "yaml",
                List.of(new NewRun(run, run, "one", 1, "{}", List.of(stage)))));
    String environment = database.environments().register("{}");
    Claim claim =
        database
            .stages()
            .claim(key, owner, Duration.ofMinutes(1), environment)
            .claim()
            .orElseThrow();
    database.goodput().began(claim, run);
    return claim;
  }

  private static NewWorker worker(Owner owner, String device, String place) {
    return new NewWorker(
        owner, List.of("data", "device"), Optional.of(device), 2, Optional.of(place), "1.0");
  }
}
