package dev.pawl.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Experiments, their runs and what the runs consist of. Thread-safe. */
public final class ExperimentStore {
  /** With fewer runs a poor plan is a matter of milliseconds. */
  private static final int COUNTED_RUNS = 50;

  private final Jdbi jdbi;

  ExperimentStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Registers an experiment with runs and stages, all or nothing. What is there already stays; the
   * configuration of a stage may name new places of the same content and is brought up to date. A
   * run that another version of the experiment asked for belongs to the one registered last.
   */
  public void register(NewExperiment experiment) {
    jdbi.useTransaction(handle -> Registration.write(handle, experiment));
    if (experiment.runs().size() >= COUNTED_RUNS) {
      // The server counts by itself after a minute or two, and plans for empty tables until then.
      // Who does not own them changes nothing by this, and is not refused.
      jdbi.useHandle(handle -> handle.execute("ANALYZE run, stage, run_stage"));
    }
  }

  /**
   * Keeps the words of the command that an experiment was first run with, without secrets; later
   * ones change nothing.
   */
  public void command(String experimentId, List<String> words) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE experiment
                       SET config = config || jsonb_build_object('command', :words::jsonb)
                     WHERE id = :id AND config -> 'command' IS NULL""")
                .bind("id", experimentId)
                .bind("words", Json.write(Secrets.masked(words)))
                .execute());
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

  /** The runs of an experiment in order. */
  public List<RunRow> runsOf(String experimentId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM v_run WHERE experiment_id = :id ORDER BY ordinal")
                .bind("id", experimentId)
                .map((row, context) -> read(row))
                .list());
  }

  /**
   * Runs whose id begins with a text, or whose name, experiment/name or experiment/number is it.
   */
  public List<RunRow> findRuns(String text) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT * FROM v_run
                     WHERE run_id IN (
                           SELECT r.id FROM run r JOIN experiment e ON e.id = r.experiment_id
                            WHERE starts_with(r.id, :text) OR r.name = :text
                               OR e.name || '/' || r.name = :text
                               OR (e.name || '/' || (r.ordinal + 1) = :text
                                   AND r.point <> '{}'))
                     ORDER BY created_at DESC, ordinal""")
                .bind("text", text)
                .map((row, context) -> read(row))
                .list());
  }

  /** The name of a run. */
  public Optional<String> nameOf(String runId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT name FROM run WHERE id = :id")
                .bind("id", runId)
                .mapTo(String.class)
                .findOne());
  }

  /** The name of an experiment. */
  public Optional<String> nameOfExperiment(String experimentId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT name FROM experiment WHERE id = :id")
                .bind("id", experimentId)
                .mapTo(String.class)
                .findOne());
  }

  /** Those of some runs that are in the record. */
  public Set<String> known(List<String> runIds) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT id FROM run WHERE id = ANY(:ids)")
                .bindArray("ids", String.class, runIds)
                .mapTo(String.class)
                .set());
  }

  /** The configurations, each once, with which the runs of an experiment's name are trained. */
  public List<String> trainingsOf(String experiment) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT DISTINCT s.config::text
                      FROM experiment e
                      JOIN run r ON r.experiment_id = e.id
                      JOIN run_stage rs ON rs.run_id = r.id
                      JOIN stage s ON s.key = rs.stage_key AND s.kind = 'pretrain'
                     WHERE e.name = :name""")
                .bind("name", experiment)
                .mapTo(String.class)
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
              .bind("message", message == null ? null : Secrets.masked(message))
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
