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
                    WITH bounds AS (
                        SELECT run_id, name, min(step) AS first, max(step) AS last,
                               count(*) <= :points AS whole
                          FROM v_curve
                         WHERE run_id = ANY(:runs) AND name = ANY(:names)
                         GROUP BY run_id, name)
                    SELECT c.run_id, c.name,
                           min(ARRAY[c.value, c.step]) AS low, max(ARRAY[c.value, c.step]) AS high
                      FROM v_curve c
                      JOIN bounds b ON b.run_id = c.run_id AND b.name = c.name
                     WHERE c.run_id = ANY(:runs) AND c.name = ANY(:names)
                     GROUP BY c.run_id, c.name,
                              CASE WHEN b.whole THEN c.step
                                   WHEN c.step = b.first THEN -1
                                   WHEN c.step = b.last THEN :stretches
                                   ELSE (c.step - b.first) * :stretches / (b.last - b.first) END
                     ORDER BY c.run_id, c.name""")
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
   * How long the steps took, at about so many of them.
   *
   * @param points of a run at most
   */
  public List<Pace> pace(List<String> runIds, int points) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    WITH steps AS (
                        SELECT run_id, step, value,
                               lag(step, 1, 0::bigint) OVER (PARTITION BY run_id ORDER BY step)
                                   AS before,
                               max(step) OVER (PARTITION BY run_id) AS last
                          FROM v_curve
                         WHERE run_id = ANY(:runs) AND name = 'tokens_per_second' AND value > 0),
                    sums AS (
                        SELECT run_id, step, last,
                               sum((step - before) / value)
                                   OVER (PARTITION BY run_id ORDER BY step) AS seconds
                          FROM steps)
                    SELECT run_id, max(step) AS step, max(seconds) AS seconds
                      FROM sums
                     GROUP BY run_id, step * :points / (last + 1)
                     ORDER BY run_id, 2""")
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
                    WITH points AS (
                        SELECT run_id, name, step, value,
                               max(step) OVER (PARTITION BY run_id) AS last
                          FROM v_curve
                         WHERE run_id = ANY(:runs) AND name = ANY(:names))
                    SELECT run_id, substr(name, length(:prefix) + 1)::integer AS position,
                           avg(value) AS loss, coalesce(stddev_samp(value), 0) AS deviation,
                           count(*) AS steps
                      FROM points
                     WHERE step > 0.9 * last
                     GROUP BY run_id, name
                     ORDER BY run_id, position""")
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
