package dev.pawl.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Task scores by stage, and their answers. Writes wait for a database that is away. Thread-safe.
 */
public final class EvaluationStore {
  private final Jdbi jdbi;

  EvaluationStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** All scores of a stage, by step, task and metric. */
  public List<EvaluationRow> of(String stageKey) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT * FROM evaluation
                     WHERE stage_key = :key ORDER BY step, task, metric""")
                .bind("key", stageKey)
                .map((row, context) -> row(row))
                .list());
  }

  /** The scores of all checkpoints of a run, by task, metric and step. */
  public List<EvaluationRow> ofRun(String runId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT * FROM v_eval_curve WHERE run_id = :run ORDER BY task, metric, step")
                .bind("run", runId)
                .map((row, context) -> row(row))
                .list());
  }

  private static EvaluationRow row(ResultSet row) throws SQLException {
    return new EvaluationRow(
        row.getLong("step"),
        row.getString("task"),
        row.getString("version"),
        row.getString("metric"),
        row.getDouble("value"),
        stderr(row),
        row.getInt("n"));
  }

  private static @Nullable Double stderr(ResultSet row) throws SQLException {
    double stderr = row.getDouble("stderr");
    return row.wasNull() ? null : Double.valueOf(stderr);
  }

  /** Stores scores, all or none; the same step, task and metric again are replaced. */
  public void record(Claim claim, List<EvaluationRow> rows) {
    Outage.outlast(
        () -> {
          jdbi.useTransaction(
              handle -> {
                Fence.check(handle, claim);
                for (EvaluationRow row : rows) {
                  handle
                      .createUpdate(
                          """
                    INSERT INTO evaluation
                           (stage_key, step, task, version, metric, value, stderr, n)
                    VALUES (:key, :step, :task, :version, :metric, :value, :stderr, :n)
                    ON CONFLICT (stage_key, step, task, metric) DO UPDATE
                       SET version = :version, value = :value, stderr = :stderr, n = :n""")
                      .bind("key", claim.key())
                      .bind("step", row.step())
                      .bind("task", row.task())
                      .bind("version", row.version())
                      .bind("metric", row.metric())
                      .bind("value", row.value())
                      .bind("stderr", row.stderr())
                      .bind("n", row.n())
                      .execute();
                }
              });
          return claim;
        });
  }

  /** The answers of one task and checkpoint that are stored, by document. */
  public List<DocumentRow> documents(String stageKey, long step, String task) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT document, log_likelihoods, greedy FROM evaluation_document
                     WHERE stage_key = :key AND step = :step AND task = :task
                     ORDER BY document""")
                .bind("key", stageKey)
                .bind("step", step)
                .bind("task", task)
                .map(
                    (row, context) ->
                        new DocumentRow(
                            row.getInt("document"),
                            Json.numbers(row.getString("log_likelihoods")),
                            Json.booleans(row.getString("greedy"))))
                .list());
  }

  /**
   * Stores answers, all or none. An answer that is there already is a mistake of the caller:
   * nothing is computed twice.
   */
  public void addDocuments(Claim claim, long step, String task, List<DocumentRow> rows) {
    Outage.outlast(
        () -> {
          jdbi.useTransaction(
              handle -> {
                Fence.check(handle, claim);
                PreparedBatch batch =
                    handle.prepareBatch(
                        """
                  INSERT INTO evaluation_document
                         (stage_key, step, task, document, log_likelihoods, greedy)
                  VALUES (:key, :step, :task, :document, :logs::jsonb, :greedy::jsonb)""");
                for (DocumentRow row : rows) {
                  batch
                      .bind("key", claim.key())
                      .bind("step", step)
                      .bind("task", task)
                      .bind("document", row.document())
                      .bind("logs", Json.write(row.logLikelihoods()))
                      .bind("greedy", Json.write(row.greedy()))
                      .add();
                }
                batch.execute();
              });
          return claim;
        });
  }
}
