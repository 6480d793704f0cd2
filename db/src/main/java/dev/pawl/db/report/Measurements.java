package dev.pawl.db.report;

import dev.pawl.db.GoodputRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import org.jdbi.v3.core.Jdbi;

/** Scores, speeds and where the time went. Thread-safe. */
public final class Measurements {
  private final Jdbi jdbi;

  Measurements(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Scores of the latest checkpoints that were evaluated, by task and metric. */
  public List<Score> scores(List<String> runIds) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT run_id, task, metric, value, stderr, n, step, version
                      FROM v_eval
                     WHERE run_id = ANY(:runs)
                     ORDER BY task, metric, run_id""")
                .bindArray("runs", String.class, runIds)
                .map(
                    (row, context) ->
                        new Score(
                            row.getString("run_id"),
                            row.getString("task"),
                            row.getString("metric"),
                            row.getDouble("value"),
                            optional(row, "stderr"),
                            row.getInt("n"),
                            row.getLong("step"),
                            row.getString("version")))
                .list());
  }

  /**
   * Generation speeds with losses, by shape, the longest prompts first.
   *
   * @param experimentIds those of the runs: which speeds are beaten is found within experiments
   */
  public List<Speed> speeds(Collection<String> experimentIds, List<String> runIds) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT experiment_id, run_id, prefill_length, decode_length, batch_size,
                           precision, protocol, valid_loss, tokens_per_second, dominated
                      FROM v_pareto
                     WHERE experiment_id = ANY(:experiments) AND run_id = ANY(:runs)
                     ORDER BY prefill_length DESC, decode_length, protocol, precision,
                              parameters, run_id, batch_size""")
                .bindArray("experiments", String.class, List.copyOf(experimentIds))
                .bindArray("runs", String.class, runIds)
                .map((row, context) -> speed(row))
                .list());
  }

  /** Where the time of each run went; none of a run of a version that did not write it down. */
  public List<RunTime> times(List<String> runIds) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM v_goodput WHERE run_id = ANY(:runs)")
                .bindArray("runs", String.class, runIds)
                .map(
                    (row, context) ->
                        new RunTime(
                            row.getString("run_id"),
                            new GoodputRow(
                                row.getDouble("useful_s"),
                                row.getDouble("redone_s"),
                                row.getDouble("saving_s"),
                                row.getDouble("waiting_s"),
                                row.getDouble("failed_s"),
                                row.getDouble("wall_s"))))
                .list());
  }

  private static Speed speed(ResultSet row) throws SQLException {
    return new Speed(
        row.getString("experiment_id"),
        row.getString("run_id"),
        row.getInt("prefill_length"),
        row.getInt("decode_length"),
        row.getInt("batch_size"),
        row.getString("precision"),
        row.getString("protocol"),
        optional(row, "valid_loss"),
        row.getDouble("tokens_per_second"),
        row.getBoolean("dominated"));
  }

  private static OptionalDouble optional(ResultSet row, String column) throws SQLException {
    double value = row.getDouble(column);
    return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
