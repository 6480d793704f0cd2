package dev.pawl.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Results, read from the views. Thread-safe. */
public final class ResultStore {
  private final Jdbi jdbi;

  ResultStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Results of all runs, or of those of an experiment given by name or by the beginning of its id;
   * the newest experiment first, its runs in order.
   */
  public List<ResultRow> results(Optional<String> experiment) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT * FROM v_run
                     WHERE :filter::text IS NULL OR experiment = :filter
                        OR starts_with(experiment_id, :filter)
                     ORDER BY created_at DESC, ordinal""")
                .bind("filter", experiment.orElse(null))
                .map((row, context) -> read(handle, row))
                .list());
  }

  private static ResultRow read(Handle handle, ResultSet row) throws SQLException {
    String runId = row.getString("run_id");
    Map<String, Double> metrics = metrics(handle, runId);
    Optional<CheckpointRow> checkpoint = lastCheckpoint(handle, runId);
    return new ResultRow(
        row.getString("experiment"),
        runId,
        row.getString("run"),
        row.getString("model"),
        row.getLong("parameters"),
        checkpoint.map(CheckpointRow::step),
        Optional.ofNullable(metrics.get("train_loss")),
        Optional.ofNullable(metrics.get("valid_loss")),
        tasks(handle, runId),
        generation(handle, runId),
        checkpoint,
        RunStatus.valueOf(row.getString("status")),
        FindingStore.inexact(handle, runId));
  }

  private static Map<String, Double> metrics(Handle handle, String runId) {
    Map<String, Double> metrics = new TreeMap<>();
    handle
        .createQuery("SELECT name, value FROM v_metric_last WHERE run_id = :run")
        .bind("run", runId)
        .map((row, context) -> metrics.put(row.getString("name"), row.getDouble("value")))
        .list();
    return metrics;
  }

  private static Optional<CheckpointRow> lastCheckpoint(Handle handle, String runId) {
    return handle
        .createQuery("SELECT * FROM v_checkpoint_last WHERE run_id = :run")
        .bind("run", runId)
        .map((row, context) -> checkpoint(row))
        .findOne();
  }

  private static Map<String, Map<String, Double>> tasks(Handle handle, String runId) {
    Map<String, Map<String, Double>> tasks = new TreeMap<>();
    handle
        .createQuery("SELECT task, metric, value FROM v_eval WHERE run_id = :run")
        .bind("run", runId)
        .map(
            (row, context) ->
                tasks
                    .computeIfAbsent(row.getString("task"), task -> new TreeMap<>())
                    .put(row.getString("metric"), row.getDouble("value")))
        .list();
    return tasks;
  }

  private static List<GenerationRow> generation(Handle handle, String runId) {
    return handle
        .createQuery(
            """
            SELECT * FROM v_generation WHERE run_id = :run
             ORDER BY prefill_length DESC, decode_length, batch_size""")
        .bind("run", runId)
        .map((row, context) -> generation(row))
        .list();
  }

  static GenerationRow generation(ResultSet row) throws SQLException {
    return new GenerationRow(
        row.getInt("prefill_length"),
        row.getInt("decode_length"),
        row.getInt("batch_size"),
        row.getString("protocol"),
        row.getString("precision"),
        row.getDouble("tokens_per_second"),
        row.getLong("max_memory_bytes"),
        Json.numbers(row.getString("milliseconds")),
        row.getBoolean("oom"),
        row.getDouble("floor_milliseconds"),
        Json.strings(row.getString("conditions")));
  }

  static CheckpointRow checkpoint(ResultSet row) throws SQLException {
    return new CheckpointRow(
        row.getLong("step"),
        row.getLong("consumed_samples"),
        row.getString("sha256"),
        Optional.ofNullable(row.getString("parent_sha256")),
        row.getString("path"),
        row.getLong("bytes"));
  }
}
