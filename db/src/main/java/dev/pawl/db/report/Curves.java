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
   * Curves of some runs. Each is cut into equal stretches of steps, of each of which the least and
   * the greatest value remain: no spike is lost. The last point always remains.
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
                    SELECT l.run_id, l.name, part.low, part.high
                      FROM v_metric_last l
                     CROSS JOIN LATERAL (
                           SELECT min(ARRAY[c.value, c.step]) AS low,
                                  max(ARRAY[c.value, c.step]) AS high
                             FROM v_curve c
                            WHERE c.run_id = l.run_id AND c.name = l.name
                            GROUP BY CASE WHEN c.step = l.step THEN :stretches
                                          ELSE c.step * :stretches / (l.step + 1) END) part
                     WHERE l.run_id = ANY(:runs) AND l.name = ANY(:names)
                     ORDER BY l.run_id, l.name""")
                .bindArray("runs", String.class, runIds)
                .bindArray("names", String.class, names)
                .bind("stretches", (points - 1) / 2)
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
   * How long the steps took, in equal stretches of them.
   *
   * @param points stretches of a run at most
   */
  public List<Pace> pace(List<String> runIds, int points) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT l.run_id, part.step, part.seconds_per_token
                      FROM v_metric_last l
                     CROSS JOIN LATERAL (
                           SELECT max(c.step) AS step, avg(1 / c.value) AS seconds_per_token
                             FROM v_curve c
                            WHERE c.run_id = l.run_id AND c.name = l.name AND c.value > 0
                            GROUP BY c.step * :points / (l.step + 1)) part
                     WHERE l.run_id = ANY(:runs) AND l.name = 'tokens_per_second'
                     ORDER BY l.run_id, part.step""")
                .bindArray("runs", String.class, runIds)
                .bind("points", points)
                .map(
                    (row, context) ->
                        new Pace(
                            row.getString("run_id"),
                            row.getLong("step"),
                            row.getDouble("seconds_per_token")))
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
                    SELECT l.run_id, substr(l.name, length(:prefix) + 1)::integer AS position,
                           part.loss, part.deviation, part.steps
                      FROM v_metric_last l
                     CROSS JOIN LATERAL (
                           SELECT avg(c.value) AS loss,
                                  coalesce(stddev_samp(c.value), 0) AS deviation,
                                  count(*) AS steps
                             FROM v_curve c
                            WHERE c.run_id = l.run_id AND c.name = l.name
                              AND c.step > l.step * 9 / 10) part
                     WHERE l.run_id = ANY(:runs) AND l.name = ANY(:names)
                     ORDER BY l.run_id, position""")
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
