package dev.pawl.db.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;

/** Metrics over the steps, thinned where they lie. Thread-safe. */
public final class Curves {
  private static final String POSITION = "loss_by_position/";

  private final Jdbi jdbi;

  Curves(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  private record Point(long step, double value) {}

  private record Line(String runId, String name) {}

  /**
   * Curves of some runs. One with more points than wanted is cut into equal stretches of steps, of
   * each of which the least and the greatest value remain: no spike is lost. The first and the last
   * point always remain.
   *
   * @param points of a curve at most, four or more
   */
  public List<Curve> of(List<String> runIds, List<String> names, int points) {
    Map<Line, List<Point>> lines = new LinkedHashMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT rs.run_id, l.name, part.low, part.high
                      FROM run_stage rs
                      JOIN metric_last l ON l.stage_key = rs.stage_key AND l.name = ANY(:names)
                     CROSS JOIN LATERAL (
                           SELECT min(step) AS first FROM metric
                            WHERE stage_key = l.stage_key AND name = l.name) begun
                     CROSS JOIN LATERAL (
                           SELECT count(*) <= :points AS whole
                             FROM (SELECT FROM metric
                                    WHERE stage_key = l.stage_key AND name = l.name
                                    LIMIT :points + 1) few) counted
                     CROSS JOIN LATERAL (
                           SELECT min(ARRAY[m.value, m.step]) AS low,
                                  max(ARRAY[m.value, m.step]) AS high
                             FROM metric m
                            WHERE m.stage_key = l.stage_key AND m.name = l.name
                            GROUP BY CASE WHEN whole THEN m.step
                                          WHEN m.step = first THEN -1
                                          WHEN m.step = l.step THEN :stretches
                                          ELSE (m.step - first) * :stretches / (l.step - first)
                                     END) part
                     WHERE rs.run_id = ANY(:runs)
                     ORDER BY rs.run_id, l.name""")
                .bindArray("runs", String.class, runIds)
                .bindArray("names", String.class, names)
                .bind("points", points)
                .bind("stretches", (points - 2) / 2)
                .map(
                    (row, context) -> {
                      List<Point> line =
                          lines.computeIfAbsent(
                              new Line(row.getString("run_id"), row.getString("name")),
                              key -> new ArrayList<>());
                      Double[] low = (Double[]) row.getArray("low").getArray();
                      Double[] high = (Double[]) row.getArray("high").getArray();
                      line.add(new Point(low[1].longValue(), low[0]));
                      if (!Arrays.equals(low, high)) {
                        line.add(new Point(high[1].longValue(), high[0]));
                      }
                      return line;
                    })
                .list());
    List<Curve> curves = new ArrayList<>();
    lines.forEach(
        (line, found) -> {
          found.sort(Comparator.comparingLong(Point::step));
          curves.add(
              new Curve(
                  line.runId(),
                  line.name(),
                  found.stream().map(Point::step).toList(),
                  found.stream().map(Point::value).toList()));
        });
    return curves;
  }

  /** What the runs' trainings had read at each of their checkpoints, kept or removed since. */
  public List<Consumption> consumption(List<String> runIds) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT rs.run_id, c.step, c.consumed_samples
                      FROM run_stage rs
                      JOIN checkpoint c ON c.stage_key = rs.stage_key
                     WHERE rs.run_id = ANY(:runs)
                     ORDER BY rs.run_id, c.step""")
                .bindArray("runs", String.class, runIds)
                .map(
                    (row, context) ->
                        new Consumption(
                            row.getString("run_id"),
                            row.getLong("step"),
                            row.getLong("consumed_samples")))
                .list());
  }

  /**
   * How long the steps took, at about so many of them; between two of them at their mean pace.
   *
   * @param points of a run at most
   */
  public List<Pace> pace(List<String> runIds, int points) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT run_id, step,
                           sum((step - before) * slowness)
                               OVER (PARTITION BY run_id ORDER BY step) AS seconds
                      FROM (SELECT rs.run_id, part.step, part.slowness,
                                   lag(part.step, 1, 0::bigint)
                                       OVER (PARTITION BY rs.run_id ORDER BY part.step) AS before
                              FROM run_stage rs
                              JOIN metric_last l ON l.stage_key = rs.stage_key
                                                AND l.name = 'tokens_per_second'
                             CROSS JOIN LATERAL (
                                   SELECT max(m.step) AS step, avg(1 / m.value) AS slowness
                                     FROM metric m
                                    WHERE m.stage_key = l.stage_key AND m.name = l.name
                                      AND m.value > 0
                                    GROUP BY m.step * :points / (l.step + 1)) part
                             WHERE rs.run_id = ANY(:runs)) parts
                     ORDER BY run_id, step""")
                .bindArray("runs", String.class, runIds)
                .bind("points", points)
                .map(
                    (row, context) ->
                        new Pace(
                            row.getString("run_id"), row.getLong("step"), row.getDouble("seconds")))
                .list());
  }

  /**
   * Losses by position within a block.
   *
   * @param blockLength the largest of the runs'
   */
  public List<PositionLoss> positionLosses(List<String> runIds, int blockLength) {
    List<String> names =
        IntStream.rangeClosed(1, blockLength).mapToObj(position -> POSITION + position).toList();
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT rs.run_id, substr(l.name, length(:prefix) + 1)::integer AS position,
                           late.loss, late.deviation, late.steps
                      FROM run_stage rs
                      JOIN metric_last l ON l.stage_key = rs.stage_key AND l.name = ANY(:names)
                     CROSS JOIN LATERAL (
                           SELECT avg(value) AS loss, coalesce(stddev_samp(value), 0) AS deviation,
                                  count(*) AS steps
                             FROM metric m
                            WHERE m.stage_key = l.stage_key AND m.name = l.name
                              AND m.step > floor(0.9 * l.step)::bigint) late
                     WHERE rs.run_id = ANY(:runs)
                     ORDER BY rs.run_id, position""")
                .bindArray("runs", String.class, runIds)
                .bindArray("names", String.class, names)
                .bind("prefix", POSITION)
                .map(
                    (row, context) ->
                        new PositionLoss(
                            row.getString("run_id"),
                            row.getInt("position"),
                            row.getDouble("loss"),
                            row.getDouble("deviation"),
                            row.getInt("steps")))
                .list());
  }
}
