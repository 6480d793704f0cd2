package dev.pawl.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Results, read for any number of runs with the same few queries. Thread-safe. */
public final class ResultStore {
  private static final String RUNS =
      """
      SELECT r.id AS run_id, e.id AS experiment_id, e.name AS experiment, r.name AS run, r.model,
             r.parameters, r.status, r.point
        FROM run r JOIN experiment e ON e.id = r.experiment_id
      """;

  private static final String ORDER = " ORDER BY e.created_at DESC, e.id, r.ordinal";

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
            complete(
                handle,
                handle
                    .createQuery(
                        RUNS
                            + """
                             WHERE :filter::text IS NULL OR e.name = :filter
                                OR starts_with(e.id, :filter)
                            """
                            + ORDER)
                    .bind("filter", experiment.orElse(null))
                    .map((row, context) -> Part.read(row))
                    .list()));
  }

  /** Results of these runs, in the same order. */
  public List<ResultRow> ofRuns(Collection<String> runIds) {
    return jdbi.withHandle(
        handle ->
            complete(
                handle,
                handle
                    .createQuery(RUNS + " WHERE r.id = ANY(:ids)" + ORDER)
                    .bindArray("ids", String.class, List.copyOf(runIds))
                    .map((row, context) -> Part.read(row))
                    .list()));
  }

  /** The configurations of runs, as JSON, by the run's id. */
  public Map<String, String> configurations(Collection<String> runIds) {
    Map<String, String> found = new HashMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery("SELECT id, config FROM run WHERE id = ANY(:ids)")
                .bindArray("ids", String.class, List.copyOf(runIds))
                .map((row, context) -> found.put(row.getString("id"), row.getString("config")))
                .list());
    return found;
  }

  /** A run whose results are gathered. */
  private static final class Part {
    private final String experimentId;
    private final String experiment;
    private final String runId;
    private final String run;
    private final String model;
    private final long parameters;
    private final RunStatus status;
    private final String point;
    private final Map<String, Double> metrics = new HashMap<>();
    private final Map<String, Map<String, Double>> tasks = new TreeMap<>();
    private final Map<String, Map<String, Double>> stderrs = new TreeMap<>();
    private final Map<String, Integer> documents = new TreeMap<>();
    private final List<GenerationRow> generation = new ArrayList<>();
    private final List<String> inexact = new ArrayList<>();
    private Optional<CheckpointRow> checkpoint = Optional.empty();

    private Part(ResultSet row) throws SQLException {
      experimentId = row.getString("experiment_id");
      experiment = row.getString("experiment");
      runId = row.getString("run_id");
      run = row.getString("run");
      model = row.getString("model");
      parameters = row.getLong("parameters");
      status = RunStatus.valueOf(row.getString("status"));
      point = row.getString("point");
    }

    static Part read(ResultSet row) throws SQLException {
      return new Part(row);
    }

    void score(ResultSet row) throws SQLException {
      String task = row.getString("task");
      String metric = row.getString("metric");
      tasks.computeIfAbsent(task, name -> new TreeMap<>()).put(metric, row.getDouble("value"));
      documents.put(task, row.getInt("n"));
      double stderr = row.getDouble("stderr");
      if (!row.wasNull()) {
        stderrs.computeIfAbsent(task, name -> new TreeMap<>()).put(metric, stderr);
      }
    }

    ResultRow whole() {
      return new ResultRow(
          experimentId,
          experiment,
          runId,
          run,
          model,
          parameters,
          checkpoint.map(CheckpointRow::step),
          Optional.ofNullable(metrics.get("train_loss")),
          Optional.ofNullable(metrics.get("valid_loss")),
          tasks,
          stderrs,
          documents,
          generation,
          checkpoint,
          status,
          inexact,
          point);
    }
  }

  /** What is done with a row that belongs to a run. */
  @FunctionalInterface
  private interface Filling {
    void accept(Part part, ResultSet row) throws SQLException;
  }

  private static List<ResultRow> complete(Handle handle, List<Part> parts) {
    Map<String, Part> byId = new LinkedHashMap<>();
    parts.forEach(part -> byId.put(part.runId, part));
    fill(
        handle,
        byId,
        """
        SELECT run_id, name, value FROM v_metric_last
         WHERE run_id = ANY(:ids) AND name IN ('train_loss', 'valid_loss')""",
        (part, row) -> part.metrics.put(row.getString("name"), row.getDouble("value")));
    fill(
        handle,
        byId,
        "SELECT * FROM v_checkpoint_last WHERE run_id = ANY(:ids)",
        (part, row) -> part.checkpoint = Optional.of(checkpoint(row)));
    fill(
        handle,
        byId,
        "SELECT run_id, task, metric, value, stderr, n FROM v_eval WHERE run_id = ANY(:ids)",
        Part::score);
    fill(
        handle,
        byId,
        """
        SELECT * FROM v_generation WHERE run_id = ANY(:ids)
         ORDER BY prefill_length DESC, decode_length, batch_size, protocol, precision""",
        (part, row) -> part.generation.add(generation(row)));
    fill(
        handle,
        byId,
        "SELECT run_id, message FROM v_inexact WHERE run_id = ANY(:ids) ORDER BY created_at",
        (part, row) -> part.inexact.add(row.getString("message")));
    return parts.stream().map(Part::whole).toList();
  }

  private static void fill(Handle handle, Map<String, Part> byId, String query, Filling filling) {
    if (byId.isEmpty()) {
      return;
    }
    handle
        .createQuery(query)
        .bindArray("ids", String.class, List.copyOf(byId.keySet()))
        .map(
            (row, context) -> {
              Part part = byId.get(row.getString("run_id"));
              if (part != null) {
                filling.accept(part, row);
              }
              return true;
            })
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
