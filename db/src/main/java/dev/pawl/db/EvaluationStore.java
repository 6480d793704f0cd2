package dev.pawl.db;

import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Task scores by stage. Writes wait for a database that is away. Thread-safe. */
public final class EvaluationStore {
  private final Jdbi jdbi;

  EvaluationStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** All scores of a stage, by task and metric. */
  public List<EvaluationRow> of(String stageKey) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT * FROM evaluation WHERE stage_key = :key ORDER BY task, metric")
                .bind("key", stageKey)
                .map(
                    (row, context) ->
                        new EvaluationRow(
                            row.getString("task"),
                            row.getString("metric"),
                            row.getDouble("value"),
                            row.getDouble("stderr"),
                            row.getInt("n")))
                .list());
  }

  /** Stores scores, all or none; the same task and metric again are replaced. */
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
                    INSERT INTO evaluation (stage_key, task, metric, value, stderr, n)
                    VALUES (:key, :task, :metric, :value, :stderr, :n)
                    ON CONFLICT (stage_key, task, metric) DO UPDATE
                       SET value = :value, stderr = :stderr, n = :n""")
                      .bind("key", claim.key())
                      .bind("task", row.task())
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
}
