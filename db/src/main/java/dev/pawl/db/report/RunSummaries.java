package dev.pawl.db.report;

import dev.pawl.db.RunStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Runs, what they were asked to be, and their last numbers. Thread-safe. */
public final class RunSummaries {
  private final Jdbi jdbi;

  RunSummaries(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** How many runs there are, in all or of an experiment given as in {@link #of}. */
  public int count(Optional<String> experiment) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT count(*) FROM run r JOIN experiment e ON e.id = r.experiment_id
                     WHERE :filter::text IS NULL OR e.name = :filter
                        OR starts_with(e.id, :filter)""")
                .bind("filter", experiment.orElse(null))
                .mapTo(int.class)
                .one());
  }

  /**
   * All runs, or those of an experiment given by name or by the beginning of its id; the newest
   * experiment first, its runs in order.
   *
   * @param limit how many at most
   * @param metrics names of the training metrics to add
   */
  public List<RunSummary> of(Optional<String> experiment, int limit, List<String> metrics) {
    return jdbi.withHandle(
        handle -> {
          List<String> ids = ids(handle, experiment, limit);
          Map<String, Map<String, Double>> last = last(handle, ids, metrics);
          Map<String, Long> steps = steps(handle, ids);
          Map<String, Long> memory = memory(handle, ids);
          return handle
              .createQuery(
                  """
                  SELECT v.*
                    FROM v_run v
                    JOIN unnest(:runs) WITH ORDINALITY AS wanted(run_id, place) USING (run_id)
                   WHERE v.run_id = ANY(:runs)
                   ORDER BY wanted.place""")
              .bindArray("runs", String.class, ids)
              .map(
                  (row, context) -> {
                    String id = row.getString("run_id");
                    return read(
                        row, last.getOrDefault(id, Map.of()), steps.get(id), memory.get(id));
                  })
              .list();
        });
  }

  /** The experiments of some runs as they were asked for, by id. */
  public Map<String, ExperimentText> experiments(Collection<String> experimentIds) {
    Map<String, ExperimentText> found = new HashMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM experiment WHERE id = ANY(:ids)")
                .bindArray("ids", String.class, List.copyOf(experimentIds))
                .map(
                    (row, context) ->
                        new ExperimentText(
                            row.getString("id"),
                            row.getString("name"),
                            row.getString("digest"),
                            row.getString("config"),
                            row.getString("source"),
                            row.getTimestamp("created_at").toInstant()))
                .forEach(text -> found.put(text.id(), text)));
    return found;
  }

  private static List<String> ids(Handle handle, Optional<String> experiment, int limit) {
    return handle
        .createQuery(
            """
            SELECT r.id
              FROM run r
              JOIN experiment e ON e.id = r.experiment_id
             WHERE :filter::text IS NULL OR e.name = :filter OR starts_with(e.id, :filter)
             ORDER BY e.created_at DESC, e.id, r.ordinal
             LIMIT :limit""")
        .bind("filter", experiment.orElse(null))
        .bind("limit", limit)
        .mapTo(String.class)
        .list();
  }

  private static Map<String, Map<String, Double>> last(
      Handle handle, List<String> ids, List<String> metrics) {
    Map<String, Map<String, Double>> found = new HashMap<>();
    handle
        .createQuery(
            """
            SELECT run_id, name, value FROM v_metric_last
             WHERE run_id = ANY(:runs) AND name = ANY(:names)""")
        .bindArray("runs", String.class, ids)
        .bindArray("names", String.class, metrics)
        .map(
            (row, context) ->
                found
                    .computeIfAbsent(row.getString("run_id"), run -> new TreeMap<>())
                    .put(row.getString("name"), row.getDouble("value")))
        .list();
    return found;
  }

  private static Map<String, Long> steps(Handle handle, List<String> ids) {
    return longs(
        handle,
        """
        SELECT rs.run_id, max(c.step) AS found
          FROM run_stage rs
          JOIN checkpoint c ON c.stage_key = rs.stage_key AND c.removed_at IS NULL
         WHERE rs.run_id = ANY(:runs)
         GROUP BY rs.run_id""",
        ids);
  }

  private static Map<String, Long> memory(Handle handle, List<String> ids) {
    return longs(
        handle,
        """
        SELECT rs.run_id, max(g.max_memory_bytes) AS found
          FROM run_stage rs
          JOIN generation g ON g.stage_key = rs.stage_key AND NOT g.oom
         WHERE rs.run_id = ANY(:runs)
         GROUP BY rs.run_id""",
        ids);
  }

  private static Map<String, Long> longs(Handle handle, String sql, List<String> ids) {
    Map<String, Long> found = new HashMap<>();
    handle
        .createQuery(sql)
        .bindArray("runs", String.class, ids)
        .map((row, context) -> found.put(row.getString("run_id"), row.getLong("found")))
        .list();
    return found;
  }

  private static RunSummary read(
      ResultSet row, Map<String, Double> metrics, @Nullable Long steps, @Nullable Long memory)
      throws SQLException {
    return new RunSummary(
        row.getString("run_id"),
        row.getString("experiment_id"),
        row.getString("experiment"),
        row.getString("run"),
        row.getString("model"),
        row.getLong("parameters"),
        RunStatus.valueOf(row.getString("status")),
        Optional.ofNullable(row.getString("cause")),
        Optional.ofNullable(row.getString("message")),
        row.getTimestamp("created_at").toInstant(),
        instant(row, "started_at"),
        instant(row, "finished_at"),
        row.getInt("stages_done"),
        row.getInt("stages_total"),
        row.getString("config"),
        Optional.ofNullable(row.getString("point")).orElse("{}"),
        metrics,
        Optional.ofNullable(steps),
        Optional.ofNullable(memory));
  }

  static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
  }
}
