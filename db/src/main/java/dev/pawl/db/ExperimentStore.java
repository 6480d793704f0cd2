package dev.pawl.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Experiments, their runs and what the runs consist of. Thread-safe. */
public final class ExperimentStore {
  private final Jdbi jdbi;

  ExperimentStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Registers an experiment with runs and stages, all or nothing. What is there already stays; the
   * configuration of a stage may name new places of the same content and is brought up to date.
   */
  public void register(NewExperiment experiment) {
    jdbi.useTransaction(
        handle -> {
          handle
              .createUpdate(
                  """
                  INSERT INTO experiment (id, name, digest, config, source)
                  VALUES (:id, :name, :digest, :config::jsonb, :source)
                  ON CONFLICT (id) DO NOTHING""")
              .bind("id", experiment.id())
              .bind("name", experiment.name())
              .bind("digest", experiment.digest())
              .bind("config", experiment.configJson())
              .bind("source", experiment.source())
              .execute();
          int ordinal = 0;
          for (NewRun run : experiment.runs()) {
            register(handle, experiment.id(), run, ordinal++);
          }
        });
  }

  private static void register(Handle handle, String experimentId, NewRun run, int ordinal) {
    handle
        .createUpdate(
            """
            INSERT INTO run (id, experiment_id, ordinal, name, model, parameters, config)
            VALUES (:id, :experiment, :ordinal, :name, :model, :parameters, :config::jsonb)
            ON CONFLICT (id) DO NOTHING""")
        .bind("id", run.id())
        .bind("experiment", experimentId)
        .bind("ordinal", ordinal)
        .bind("name", run.name())
        .bind("model", run.model())
        .bind("parameters", run.parameters())
        .bind("config", run.configJson())
        .execute();
    int position = 0;
    for (NewStage stage : run.stages()) {
      handle
          .createUpdate(
              """
              INSERT INTO stage (key, kind, version, config, inputs)
              VALUES (:key, :kind, :version, :config::jsonb, :inputs::jsonb)
              ON CONFLICT (key) DO UPDATE SET config = excluded.config""")
          .bind("key", stage.key())
          .bind("kind", stage.kind())
          .bind("version", stage.version())
          .bind("config", stage.configJson())
          .bind("inputs", Json.write(stage.inputs()))
          .execute();
      handle
          .createUpdate(
              """
              INSERT INTO run_stage (run_id, ordinal, stage_key) VALUES (:run, :ordinal, :key)
              ON CONFLICT (run_id, ordinal) DO UPDATE SET stage_key = excluded.stage_key""")
          .bind("run", run.id())
          .bind("ordinal", position++)
          .bind("key", stage.key())
          .execute();
    }
  }

  /** All runs, the newest experiment first. */
  public List<RunRow> runs() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM v_run ORDER BY created_at DESC, ordinal")
                .map((row, context) -> read(row))
                .list());
  }

  /** Runs whose id, or whose name or experiment's name, begins with or is the given text. */
  public List<RunRow> findRuns(String text) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT * FROM v_run
                     WHERE starts_with(run_id, :text) OR run = :text
                        OR experiment || '/' || run = :text
                     ORDER BY created_at DESC, ordinal""")
                .bind("text", text)
                .map((row, context) -> read(row))
                .list());
  }

  /** Sets where a run stands, with times. */
  public void runStatus(
      String runId, RunStatus status, @Nullable String cause, @Nullable String message) {
    boolean running = status == RunStatus.RUNNING;
    boolean ended = status != RunStatus.QUEUED && !running;
    jdbi.useTransaction(
        handle -> {
          if (running) {
            rested(handle, runId);
          }
          handle
              .createUpdate(
                  """
                  UPDATE run
                     SET status = :status, cause = :cause, message = :message,
                         started_at = CASE WHEN :running THEN now() ELSE started_at END,
                         finished_at = CASE WHEN :ended THEN now() ELSE NULL END
                   WHERE id = :id""")
              .bind("id", runId)
              .bind("status", status.name())
              .bind("cause", cause)
              .bind("message", message)
              .bind("running", running)
              .bind("ended", ended)
              .execute();
        });
  }

  // Done, or resting at a rung until it is sent on: it waited for nothing.
  private static void rested(Handle handle, String runId) {
    handle
        .createUpdate(
            """
            INSERT INTO run_rest (run_id, began_at, ended_at)
            SELECT id, finished_at, greatest(finished_at, now())
              FROM run
             WHERE id = :id AND status IN ('DONE', 'STOPPED_EARLY', 'QUEUED')
               AND finished_at IS NOT NULL
            ON CONFLICT DO NOTHING""")
        .bind("id", runId)
        .execute();
  }

  /** Lets runs go on with another number of threads or kind of device than planned. */
  public void allowInexact(List<String> runIds) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate("UPDATE run SET allow_inexact = true WHERE id = ANY(:ids)")
                .bindArray("ids", String.class, runIds)
                .execute());
  }

  /** Whether a run may go on with another number of threads or kind of device than planned. */
  public boolean allowsInexact(String runId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT allow_inexact FROM run WHERE id = :id")
                .bind("id", runId)
                .mapTo(boolean.class)
                .findOne()
                .orElse(false));
  }

  /** The stages of a run in order. */
  public List<StageRow> stagesOf(String runId) {
    return jdbi.withHandle(handle -> StageRows.ofRun(handle, runId));
  }

  /** All attempts at a stage, the first one first. */
  public List<AttemptRow> attemptsOf(String stageKey) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM attempt WHERE stage_key = :key ORDER BY attempt")
                .bind("key", stageKey)
                .map((row, context) -> readAttempt(row))
                .list());
  }

  private static RunRow read(ResultSet row) throws SQLException {
    return new RunRow(
        row.getString("run_id"),
        row.getString("experiment_id"),
        row.getString("experiment"),
        row.getString("run"),
        row.getString("model"),
        row.getLong("parameters"),
        RunStatus.valueOf(row.getString("status")),
        Optional.ofNullable(row.getString("message")),
        row.getTimestamp("created_at").toInstant(),
        Optional.ofNullable(StageRows.instant(row, "started_at")),
        Optional.ofNullable(StageRows.instant(row, "finished_at")),
        row.getInt("stages_done"),
        row.getInt("stages_total"),
        row.getString("config"));
  }

  private static AttemptRow readAttempt(ResultSet row) throws SQLException {
    return new AttemptRow(
        row.getString("stage_key"),
        row.getInt("attempt"),
        row.getString("host"),
        row.getLong("pid"),
        row.getTimestamp("started_at").toInstant(),
        Optional.ofNullable(StageRows.instant(row, "finished_at")),
        Optional.ofNullable(row.getString("outcome")),
        Optional.ofNullable(row.getString("cause")),
        Optional.ofNullable(row.getString("message")));
  }
}
