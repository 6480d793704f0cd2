package dev.pawl.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Workers: who they are, whether they live, and what they are at. Thread-safe. */
public final class WorkerStore {
  private final Jdbi jdbi;

  WorkerStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Says that a process serves from now on; returns the id of its row. */
  public String started(NewWorker worker) {
    Owner owner = worker.owner();
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO worker (id, name, host, pid, queues, device, threads, place,
                                        code_version)
                    VALUES (:id, :name, :host, :pid, :queues, :device, :threads, :place, :version)
                    ON CONFLICT (id) DO UPDATE
                       SET queues = :queues, device = :device, threads = :threads, place = :place,
                           code_version = :version, seen_at = now(), stopping_at = NULL,
                           stopped_at = NULL""")
                .bind("id", owner.id())
                .bind("name", owner.worker())
                .bind("host", owner.host())
                .bind("pid", owner.pid())
                .bindArray("queues", String.class, worker.queues())
                .bind("device", worker.device().orElse(null))
                .bind("threads", worker.threads())
                .bind("place", worker.place().orElse(null))
                .bind("version", worker.codeVersion())
                .execute());
    return owner.id();
  }

  /** Says that a worker lives. */
  public void seen(String id) {
    touch(id, "seen_at = now()");
  }

  /** Says that a worker was asked to end. */
  public void stopping(String id) {
    touch(id, "seen_at = now(), stopping_at = now()");
  }

  /** Says that a worker has ended, with nothing left in its hands. */
  public void stopped(String id) {
    touch(id, "seen_at = now(), stopped_at = now()");
  }

  private void touch(String id, String change) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate("UPDATE worker SET " + change + " WHERE id = :id")
                .bind("id", id)
                .execute());
  }

  /**
   * Workers, the newest last.
   *
   * @param all also those that ended, and those that have been gone for more than a day
   */
  public List<WorkerRow> list(boolean all) {
    Map<String, WorkerRow> rows = new LinkedHashMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT w.*, e.name || '/' || r.name AS run,
                           extract(epoch FROM clock_timestamp() - w.stage_started_at)::float8
                               AS seconds
                      FROM v_worker w
                      LEFT JOIN run r ON r.id = w.run_id
                      LEFT JOIN experiment e ON e.id = r.experiment_id
                     WHERE :all OR w.state IN ('ALIVE', 'STOPPING')
                        OR w.state = 'GONE' AND w.seen_at > now() - interval '1 day'
                     ORDER BY w.started_at, w.worker_id, w.stage_started_at""")
                .bind("all", all)
                .map((row, context) -> add(rows, row))
                .list());
    return List.copyOf(rows.values());
  }

  /** Who computes on a device of a host, as far as the record knows: the one heard of last. */
  public Optional<WorkerRow> onDevice(String host, String device) {
    return list(false).stream()
        .filter(row -> row.host().equals(host) && row.device().equals(Optional.of(device)))
        .reduce((earlier, later) -> earlier.seenAt().isAfter(later.seenAt()) ? earlier : later);
  }

  /** Whether a living worker has the artifacts of a home, and takes on more. */
  public boolean placeServed(String place) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT EXISTS (SELECT FROM v_worker WHERE place = :place AND state = 'ALIVE')")
                .bind("place", place)
                .mapTo(boolean.class)
                .one());
  }

  /**
   * Where the artifact of a done stage lies, as far as the workers' rows tell: the home of the
   * worker that made it. Empty for one in a store that all reach.
   */
  public Optional<String> placeOf(String stageKey) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT w.place
                      FROM stage s
                      JOIN attempt a ON a.stage_key = s.key AND a.outcome = 'DONE'
                      JOIN worker w ON w.host = a.host AND w.pid = a.pid
                                   AND a.started_at >= w.started_at
                     WHERE s.key = :key AND s.status = 'DONE' AND w.place IS NOT NULL
                     ORDER BY a.attempt DESC, w.started_at DESC
                     LIMIT 1""")
                .bind("key", stageKey)
                .mapTo(String.class)
                .findOne());
  }

  private static String add(Map<String, WorkerRow> rows, ResultSet row) throws SQLException {
    String id = row.getString("worker_id");
    List<WorkerRow.Stage> stages = new ArrayList<>();
    WorkerRow before = rows.get(id);
    if (before != null) {
      stages.addAll(before.stages());
    }
    @Nullable String kind = row.getString("stage");
    if (kind != null) {
      stages.add(
          new WorkerRow.Stage(
              kind,
              row.getString("stage_key"),
              row.getInt("attempt"),
              Optional.ofNullable(row.getString("run")),
              row.getDouble("seconds")));
    }
    rows.put(id, read(row, id, stages));
    return id;
  }

  private static WorkerRow read(ResultSet row, String id, List<WorkerRow.Stage> stages)
      throws SQLException {
    return new WorkerRow(
        id,
        row.getString("name"),
        row.getString("host"),
        row.getLong("pid"),
        List.of((String[]) row.getArray("queues").getArray()),
        Optional.ofNullable(row.getString("device")),
        row.getInt("threads"),
        Optional.ofNullable(row.getString("place")),
        row.getString("code_version"),
        row.getTimestamp("started_at").toInstant(),
        row.getTimestamp("seen_at").toInstant(),
        WorkerState.valueOf(row.getString("state")),
        stages);
  }
}
