package dev.pawl.db;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Sweeps, and their runs many at a time. Thread-safe. */
public final class SweepStore {
  private final Jdbi jdbi;

  SweepStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The sweep of an experiment, if it has one. */
  public Optional<SweepRow> find(String experimentId) {
    return sweep("s.experiment_id = :text", experimentId);
  }

  /** The version of a name that was submitted last. */
  public Optional<SweepRow> current(String name) {
    return sweep("e.name = :text AND s.superseded_by IS NULL", name);
  }

  /** Experiments in whose place another version of them was submitted. */
  public Set<String> superseded() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT experiment_id FROM sweep WHERE superseded_by IS NOT NULL")
                .mapTo(String.class)
                .set());
  }

  /** Those of some stages that runs other than these need too. */
  public Set<String> neededByOthers(List<String> stageKeys, List<String> runIds) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT DISTINCT stage_key FROM run_stage
                     WHERE stage_key = ANY(:keys) AND run_id <> ALL(:runs)""")
                .bindArray("keys", String.class, stageKeys)
                .bindArray("runs", String.class, runIds)
                .mapTo(String.class)
                .set());
  }

  private Optional<SweepRow> sweep(String condition, String text) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT s.*, e.name FROM sweep s JOIN experiment e ON e.id = s.experiment_id
                     WHERE\s"""
                        + condition)
                .bind("text", text)
                .map((row, context) -> read(row))
                .findOne());
  }

  /** The runs of an experiment in order. */
  public List<SweepRunRow> runs(String experimentId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT r.id, r.name, r.ordinal, r.status, r.message, r.point,
                           t.key AS pretrain_key,
                           coalesce(t.status = 'DONE' OR EXISTS (
                               SELECT 1 FROM checkpoint c WHERE c.stage_key = t.key), false)
                               AS trained
                      FROM run r
                      LEFT JOIN LATERAL (
                           SELECT s.key, s.status
                             FROM run_stage rs JOIN stage s ON s.key = rs.stage_key
                            WHERE rs.run_id = r.id AND s.kind = 'pretrain') t ON true
                     WHERE r.experiment_id = :experiment
                     ORDER BY r.ordinal""")
                .bind("experiment", experimentId)
                .map((row, context) -> readRun(row))
                .list());
  }

  /** Runs by their numbers, with their stages, in order; those that wait to be begun alone. */
  public List<RunStages> waiting(String experimentId, List<Integer> ordinals) {
    Map<String, RunStages> runs = new LinkedHashMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT r.id, r.ordinal, s.kind, s.key,
                           ARRAY(SELECT DISTINCT value FROM jsonb_each_text(s.inputs)
                                  ORDER BY value) AS inputs,
                           CASE WHEN NOT r.allow_inexact
                                THEN (s.config ->> 'deviceKind') || '-' || (s.config ->> 'threads')
                           END AS machine
                      FROM run r
                      JOIN run_stage rs ON rs.run_id = r.id
                      JOIN stage s ON s.key = rs.stage_key
                     WHERE r.experiment_id = :experiment AND r.ordinal = ANY(:ordinals)
                       AND r.status IN ('QUEUED', 'RUNNING', 'PAUSED')
                     ORDER BY r.ordinal, rs.ordinal""")
                .bind("experiment", experimentId)
                .bindArray("ordinals", Integer.class, ordinals)
                .map((row, context) -> add(runs, row))
                .list());
    return List.copyOf(runs.values());
  }

  private static int add(Map<String, RunStages> runs, ResultSet row) throws SQLException {
    int ordinal = row.getInt("ordinal");
    Array inputs = row.getArray("inputs");
    runs.computeIfAbsent(row.getString("id"), id -> new RunStages(id, ordinal, new ArrayList<>()))
        .stages()
        .add(
            new RunStages.StageInputs(
                row.getString("kind"),
                row.getString("key"),
                List.of((String[]) inputs.getArray()),
                Optional.ofNullable(row.getString("machine"))));
    return ordinal;
  }

  /** Lets runs wait for their turn, whatever came of them and was wished of them before. */
  public void queue(List<String> runIds) {
    jdbi.useTransaction(
        handle -> {
          handle
              .createUpdate(
                  """
                  INSERT INTO run_rest (run_id, began_at, ended_at)
                  SELECT id, finished_at, greatest(finished_at, now())
                    FROM run
                   WHERE id = ANY(:ids) AND status = 'DONE' AND finished_at IS NOT NULL
                  ON CONFLICT DO NOTHING""")
              .bindArray("ids", String.class, runIds)
              .execute();
          handle
              .createUpdate(
                  """
                  UPDATE run
                     SET status = 'QUEUED', cause = NULL,
                         message = CASE WHEN status = 'QUEUED' AND finished_at IS NOT NULL
                                        THEN message END,
                         finished_at = CASE WHEN status = 'QUEUED' THEN finished_at END,
                         wish = NULL, wished_at = NULL
                   WHERE id = ANY(:ids)""")
              .bindArray("ids", String.class, runIds)
              .execute();
        });
  }

  /** Ends those runs that wait and were asked to stop or to be cancelled: nobody begins them. */
  public void endWished(String experimentId, List<Integer> ordinals) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE run
                       SET status = CASE WHEN wish = 'STOP' THEN 'STOPPED' ELSE 'CANCELLED' END,
                           cause = 'CANCELLED', finished_at = now(),
                           message = 'an operator asked to '
                                     || lower(replace(wish, '_', ' ')) || ' before it began'
                     WHERE experiment_id = :experiment AND ordinal = ANY(:ordinals)
                       AND status = 'QUEUED' AND wish IN ('STOP', 'CANCEL', 'CANCEL_NOW')""")
                .bind("experiment", experimentId)
                .bindArray("ordinals", Integer.class, ordinals)
                .execute());
  }

  /** Says of runs that wait that they are not begun; they can be taken up again. */
  public void notBegun(String experimentId, List<Integer> ordinals, String why) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE run
                       SET status = 'STOPPED', cause = 'CANCELLED', message = :why,
                           finished_at = now()
                     WHERE experiment_id = :experiment AND ordinal = ANY(:ordinals)
                       AND status = 'QUEUED'""")
                .bind("experiment", experimentId)
                .bindArray("ordinals", Integer.class, ordinals)
                .bind("why", Secrets.masked(why))
                .execute());
  }

  /** Sets where a sweep stands, with times. */
  public void state(String experimentId, SweepState state) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE sweep
                       SET state = :state,
                           started_at = CASE WHEN :state = 'RUNNING' THEN now()
                                             ELSE started_at END,
                           finished_at = CASE WHEN :state IN ('QUEUED', 'RUNNING') THEN NULL
                                              ELSE now() END
                     WHERE experiment_id = :id""")
                .bind("id", experimentId)
                .bind("state", state.name())
                .execute());
  }

  private static SweepRow read(ResultSet row) throws SQLException {
    return new SweepRow(
        row.getString("experiment_id"),
        row.getString("name"),
        row.getInt("max_in_flight"),
        row.getInt("priority"),
        row.getInt("stop_after"),
        SweepState.valueOf(row.getString("state")),
        Optional.ofNullable(row.getString("superseded_by")),
        Json.strings(row.getString("configuration")));
  }

  private static SweepRunRow readRun(ResultSet row) throws SQLException {
    @Nullable String key = row.getString("pretrain_key");
    return new SweepRunRow(
        row.getString("id"),
        row.getString("name"),
        row.getInt("ordinal"),
        RunStatus.valueOf(row.getString("status")),
        Optional.ofNullable(row.getString("message")),
        row.getString("point"),
        Optional.ofNullable(key),
        row.getBoolean("trained"));
  }
}
