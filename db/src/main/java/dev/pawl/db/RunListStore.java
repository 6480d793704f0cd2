package dev.pawl.db;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Lists of runs: one query, however many there are. Thread-safe. */
public final class RunListStore {
  private static final String QUERY =
      """
      WITH chosen AS MATERIALIZED (
           SELECT r.id, e.name AS experiment, e.id AS experiment_id, e.created_at AS begun, r.ordinal,
                  r.name, r.model, r.parameters, r.status, r.message, r.created_at, r.owner_id,
                  count(*) OVER () AS matched
             FROM run r
             JOIN experiment e ON e.id = r.experiment_id
            WHERE (:experiment::text IS NULL OR e.name = :experiment
                   OR starts_with(e.id, :experiment))
              AND (:model::text IS NULL OR r.model = :model OR starts_with(r.name, :model))
              AND (cardinality(:statuses) = 0 OR r.status = ANY(:statuses))
              AND (:since::timestamptz IS NULL OR r.created_at >= :since)
            ORDER BY e.created_at DESC, e.id, r.ordinal
            LIMIT :limit)
      -- Each joined once, not once a run: right after a sweep of a thousand runs was queued the
      -- server knows nothing yet about these tables, and would read all stages for every run.
      SELECT c.*, coalesce(stages.done, 0) AS done, coalesce(stages.total, 0) AS total,
             going.kind, going.attempt, going.units, going.all_units, going.unit_seconds,
             going.seconds, held.owners, held.leased, curve.losses
        FROM chosen c
        LEFT JOIN (
             SELECT rs.run_id, count(*) FILTER (WHERE s.status = 'DONE') AS done, count(*) AS total
               FROM run_stage rs JOIN stage s ON s.key = rs.stage_key
              WHERE rs.run_id IN (SELECT id FROM chosen)
              GROUP BY rs.run_id) stages ON stages.run_id = c.id
        LEFT JOIN (
             SELECT DISTINCT ON (rs.run_id) rs.run_id, s.kind, s.attempt,
                    (s.progress ->> 'done')::float8 AS units,
                    (s.progress ->> 'total')::float8 AS all_units,
                    CASE s.kind WHEN 'pretrain'
                         THEN (s.config #>> '{training,totalBatchSize}')::float8
                              * (s.config #>> '{training,maxLength}')::float8
                              / nullif((s.progress #>> '{values,tokens_per_second}')::float8, 0)
                    END AS unit_seconds,
                    extract(epoch FROM clock_timestamp() - a.started_at)::float8 AS seconds
               FROM stage s
               JOIN attempt a ON a.stage_key = s.key AND a.attempt = s.attempt
               JOIN run_stage rs ON rs.stage_key = s.key
              WHERE s.status = 'RUNNING'
              ORDER BY rs.run_id, rs.ordinal) going
             ON going.run_id = c.id AND c.status IN ('RUNNING', 'PAUSED')
        LEFT JOIN (
             SELECT a.run_id, array_agg(s.owner_id) AS owners,
                    array_agg(s.lease_expires_at >= now()) AS leased
               FROM stage s
               JOIN attempt a ON a.stage_key = s.key AND a.attempt = s.attempt
              WHERE s.status = 'RUNNING'
              GROUP BY a.run_id) held
             ON held.run_id = c.id AND c.status IN ('RUNNING', 'PAUSED')
        LEFT JOIN LATERAL (
             SELECT array_agg(p.value ORDER BY i) AS losses
               FROM (SELECT l.stage_key AS key, l.step AS last
                       FROM run_stage rs
                       JOIN metric_last l ON l.stage_key = rs.stage_key AND l.name = 'train_loss'
                      WHERE rs.run_id = c.id) t
              CROSS JOIN generate_series(1, :points) AS i
              CROSS JOIN LATERAL (
                    SELECT value FROM metric
                     WHERE stage_key = t.key AND name = 'train_loss'
                       AND step >= ceil(t.last * i::float8 / :points)::bigint
                     ORDER BY step LIMIT 1) p) curve ON :points > 0
       ORDER BY c.begun DESC, c.experiment_id, c.ordinal""";

  private final Jdbi jdbi;

  RunListStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The runs that a filter chooses, the newest experiment first, its runs in order. */
  public List<ListedRun> find(RunFilter filter) {
    List<String> statuses = filter.statuses().stream().map(RunStatus::name).toList();
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(QUERY)
                .bind("experiment", filter.experiment().orElse(null))
                .bind("model", filter.model().orElse(null))
                .bindArray("statuses", String.class, statuses)
                .bind("since", filter.since().map(Timestamp::from).orElse(null))
                .bind(
                    "limit",
                    filter.limit().isPresent() ? Integer.valueOf(filter.limit().getAsInt()) : null)
                .bind("points", filter.curvePoints())
                .map((row, context) -> read(row))
                .list());
  }

  private static ListedRun read(ResultSet row) throws SQLException {
    return new ListedRun(
        row.getString("id"),
        row.getString("experiment"),
        row.getString("name"),
        row.getString("model"),
        row.getLong("parameters"),
        RunStatus.valueOf(row.getString("status")),
        Optional.ofNullable(row.getString("message")),
        row.getTimestamp("created_at").toInstant(),
        row.getInt("done"),
        row.getInt("total"),
        serving(row),
        going(row),
        numbers(row.getArray("losses")),
        row.getLong("matched"));
  }

  private static Serving serving(ResultSet row) throws SQLException {
    List<Serving.Holder> holders = new ArrayList<>();
    Array owners = row.getArray("owners");
    if (owners != null) {
      String[] ids = (String[]) owners.getArray();
      Boolean[] leased = (Boolean[]) row.getArray("leased").getArray();
      for (int i = 0; i < ids.length; i++) {
        holders.add(new Serving.Holder(ids[i], leased[i]));
      }
    }
    return new Serving(Optional.ofNullable(row.getString("owner_id")), holders);
  }

  private static Optional<ListedRun.Going> going(ResultSet row) throws SQLException {
    String kind = row.getString("kind");
    return kind == null
        ? Optional.empty()
        : Optional.of(
            new ListedRun.Going(
                kind,
                row.getDouble("units"),
                row.getDouble("all_units"),
                row.getDouble("unit_seconds"),
                row.getInt("attempt"),
                row.getDouble("seconds")));
  }

  private static List<Double> numbers(Array array) throws SQLException {
    return array == null ? List.of() : Arrays.asList((Double[]) array.getArray());
  }
}
