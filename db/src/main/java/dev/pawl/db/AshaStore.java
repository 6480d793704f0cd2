package dev.pawl.db;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Rungs of sweeps, the decisions about them and the results there. Rows are added and never
 * changed; whoever decides or brings a result waits for whoever does so for the same sweep. Every
 * method waits for a database that is away. Thread-safe.
 */
public final class AshaStore {
  private final Jdbi jdbi;

  AshaStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** A decision to be made: which trial to send to which rung, and why. */
  public record Choice(int trial, int rung, String reason) {}

  /**
   * Stores how a sweep stops, unless that is there already.
   *
   * @return what is stored: where it differs from what was given, the sweep was begun otherwise
   */
  public AshaSetup register(String experimentId, AshaSetup setup) {
    return Outage.outlast(
        () ->
            jdbi.inTransaction(
                handle -> {
                  int added =
                      handle
                          .createUpdate(
                              """
                              INSERT INTO asha (experiment_id, metric, smaller_is_better,
                                                reduction_factor)
                              VALUES (:id, :metric, :smaller, :factor)
                              ON CONFLICT DO NOTHING""")
                          .bind("id", experimentId)
                          .bind("metric", setup.metric())
                          .bind("smaller", setup.smallerIsBetter())
                          .bind("factor", setup.reductionFactor())
                          .execute();
                  if (added > 0) {
                    insert(handle, experimentId, setup);
                  }
                  return setup(handle, experimentId).orElseThrow();
                }));
  }

  private static void insert(Handle handle, String experimentId, AshaSetup setup) {
    for (int rung = 0; rung < setup.rungs().size(); rung++) {
      handle.execute(
          "INSERT INTO asha_rung (experiment_id, rung, step) VALUES (?, ?, ?)",
          experimentId,
          rung,
          setup.rungs().get(rung));
    }
    for (int trial = 0; trial < setup.runIds().size(); trial++) {
      handle.execute(
          "INSERT INTO asha_trial (experiment_id, trial, run_id) VALUES (?, ?, ?)",
          experimentId,
          trial,
          setup.runIds().get(trial));
    }
  }

  /** All that is known of a sweep; empty for an experiment that stops no run early. */
  public Optional<AshaState> find(String experimentId) {
    return Outage.outlast(() -> jdbi.inTransaction(handle -> state(handle, experimentId)));
  }

  /**
   * Makes the next decision, alone: what the rule sees stays as it is until its answer is stored.
   *
   * @param rule what to decide; empty for nothing, and nothing is stored
   */
  public Optional<AshaDecisionRow> decide(
      String experimentId, Function<AshaState, Optional<Choice>> rule) {
    return Outage.outlast(
        () ->
            jdbi.inTransaction(
                handle -> {
                  lock(handle, experimentId);
                  AshaState state = state(handle, experimentId).orElseThrow();
                  return rule.apply(state)
                      .map(choice -> insert(handle, experimentId, state, choice));
                }));
  }

  private static AshaDecisionRow insert(
      Handle handle, String experimentId, AshaState state, Choice choice) {
    AshaDecisionRow row =
        new AshaDecisionRow(
            state.decisions().size() + 1,
            choice.trial(),
            choice.rung(),
            state.results().size(),
            choice.reason());
    handle
        .createUpdate(
            """
            INSERT INTO asha_decision (experiment_id, decision, trial, rung, arrived, reason)
            VALUES (:id, :decision, :trial, :rung, :arrived, :reason)""")
        .bind("id", experimentId)
        .bind("decision", row.decision())
        .bind("trial", row.trial())
        .bind("rung", row.rung())
        .bind("arrived", row.arrived())
        .bind("reason", row.reason())
        .execute();
    return row;
  }

  /** Stores that a trial has come to a rung; a result that is there already stays as it is. */
  @CanIgnoreReturnValue
  public boolean reached(String experimentId, int trial, int rung, double value) {
    return Outage.outlast(
        () ->
            jdbi.inTransaction(
                handle -> {
                  lock(handle, experimentId);
                  return handle
                          .createUpdate(
                              """
                              INSERT INTO asha_result (experiment_id, arrival, trial, rung, value)
                              SELECT :id, count(*) + 1, :trial, :rung, :value
                                FROM asha_result WHERE experiment_id = :id
                              ON CONFLICT (experiment_id, trial, rung) DO NOTHING""")
                          .bind("id", experimentId)
                          .bind("trial", trial)
                          .bind("rung", rung)
                          .bind("value", value)
                          .execute()
                      > 0;
                }));
  }

  /** A run has come to a rung and rests there: it has ended, unless it is sent on. */
  public void rests(String runId, String message) {
    Outage.outlast(
        () ->
            jdbi.withHandle(
                handle ->
                    handle
                        .createUpdate(
                            """
                            UPDATE run
                               SET status = 'QUEUED', cause = NULL, message = :message,
                                   finished_at = now()
                             WHERE id = :id""")
                        .bind("id", runId)
                        .bind("message", message)
                        .execute()));
  }

  /** A run that rests at a rung is not sent on: it has ended there. Others stay as they are. */
  public void stoppedEarly(String runId, String message) {
    Outage.outlast(
        () ->
            jdbi.withHandle(
                handle ->
                    handle
                        .createUpdate(
                            """
                            UPDATE run
                               SET status = 'STOPPED_EARLY', message = :message,
                                   finished_at = coalesce(finished_at, now())
                             WHERE id = :id AND status = 'QUEUED'""")
                        .bind("id", runId)
                        .bind("message", message)
                        .execute()));
  }

  /** The rungs that a run was sent to, of every sweep it belongs to, in the order of decisions. */
  public List<RungRow> ofRun(String runId) {
    return rungs("run_id", runId);
  }

  /** Every decision of a sweep in order. */
  public List<RungRow> ofExperiment(String experimentId) {
    return rungs("experiment_id", experimentId);
  }

  private List<RungRow> rungs(String column, String id) {
    return Outage.outlast(
        () ->
            jdbi.withHandle(
                handle ->
                    handle
                        .createQuery(
                            "SELECT * FROM v_asha WHERE %s = :id ORDER BY experiment_id, decision"
                                .formatted(column))
                        .bind("id", id)
                        .map((row, context) -> rung(row))
                        .list()));
  }

  private static RungRow rung(ResultSet row) throws SQLException {
    double value = row.getDouble("value");
    boolean none = row.wasNull();
    return new RungRow(
        row.getString("experiment_id"),
        row.getInt("decision"),
        row.getString("run_id"),
        row.getString("run"),
        row.getInt("rung"),
        row.getLong("step"),
        row.getString("metric"),
        none ? Optional.empty() : Optional.of(value),
        row.getBoolean("promoted"),
        row.getString("reason"));
  }

  // One row a sweep is what all of its decisions and results wait for.
  private static void lock(Handle handle, String experimentId) {
    boolean known =
        handle
            .createQuery("SELECT 1 FROM asha WHERE experiment_id = :id FOR UPDATE")
            .bind("id", experimentId)
            .mapTo(Integer.class)
            .findOne()
            .isPresent();
    if (!known) {
      throw new IllegalArgumentException(
          "experiment %s stops no run early".formatted(experimentId));
    }
  }

  private static Optional<AshaSetup> setup(Handle handle, String experimentId) {
    List<Long> rungs =
        handle
            .createQuery("SELECT step FROM asha_rung WHERE experiment_id = :id ORDER BY rung")
            .bind("id", experimentId)
            .mapTo(Long.class)
            .list();
    List<String> runs =
        handle
            .createQuery("SELECT run_id FROM asha_trial WHERE experiment_id = :id ORDER BY trial")
            .bind("id", experimentId)
            .mapTo(String.class)
            .list();
    return handle
        .createQuery("SELECT * FROM asha WHERE experiment_id = :id")
        .bind("id", experimentId)
        .map(
            (row, context) ->
                new AshaSetup(
                    row.getString("metric"),
                    row.getBoolean("smaller_is_better"),
                    row.getInt("reduction_factor"),
                    rungs,
                    runs))
        .findOne();
  }

  private static Optional<AshaState> state(Handle handle, String experimentId) {
    Optional<AshaSetup> setup = setup(handle, experimentId);
    if (setup.isEmpty()) {
      return Optional.empty();
    }
    List<AshaDecisionRow> decisions =
        handle
            .createQuery("SELECT * FROM asha_decision WHERE experiment_id = :id ORDER BY decision")
            .bind("id", experimentId)
            .map(
                (row, context) ->
                    new AshaDecisionRow(
                        row.getInt("decision"),
                        row.getInt("trial"),
                        row.getInt("rung"),
                        row.getInt("arrived"),
                        row.getString("reason")))
            .list();
    List<AshaResultRow> results =
        handle
            .createQuery("SELECT * FROM asha_result WHERE experiment_id = :id ORDER BY arrival")
            .bind("id", experimentId)
            .map(
                (row, context) ->
                    new AshaResultRow(
                        row.getInt("arrival"),
                        row.getInt("trial"),
                        row.getInt("rung"),
                        row.getDouble("value")))
            .list();
    Set<Integer> queued = queued(handle, experimentId, "true");
    Set<Integer> wished =
        queued(handle, experimentId, "r.wish IN ('STOP', 'CANCEL', 'CANCEL_NOW')");
    return Optional.of(new AshaState(setup.get(), decisions, results, queued, wished));
  }

  private static Set<Integer> queued(Handle handle, String experimentId, String condition) {
    return handle
        .createQuery(
            """
            SELECT t.trial FROM asha_trial t JOIN run r ON r.id = t.run_id
             WHERE t.experiment_id = :id AND r.status = 'QUEUED' AND\s"""
                + condition)
        .bind("id", experimentId)
        .mapTo(Integer.class)
        .set();
  }
}
