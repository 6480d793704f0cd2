package dev.pawl.db;

import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.ResultIterator;

/**
 * Metrics by stage, name and step. Writes and what a training asks for wait for a database that is
 * away. Thread-safe.
 */
public final class MetricStore {
  private static final int FETCH_SIZE = 10_000;

  private final Jdbi jdbi;

  MetricStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Stores points, all or none. One that is there already stays as it was; where the new value is
   * another, that becomes a finding: a training that went on after a failure should have computed
   * the same bits.
   *
   * @param measured names whose values a clock determines, and which may differ
   */
  public void append(Claim claim, List<MetricPoint> points, Set<String> measured) {
    if (points.isEmpty()) {
      return;
    }
    Outage.outlast(
        () -> {
          jdbi.useTransaction(
              handle -> {
                Fence.check(handle, claim);
                Set<Place> stored = store(handle, claim, points);
                for (MetricPoint point : points) {
                  boolean added = stored.remove(new Place(point.step(), point.name()));
                  if (!added && !measured.contains(point.name())) {
                    compare(handle, claim, point);
                  }
                }
              });
          return claim;
        });
  }

  /** Where a point stands in its stage. */
  private record Place(long step, String name) {}

  // One statement, however many points: the trigger that keeps last values runs once.
  private static Set<Place> store(Handle handle, Claim claim, List<MetricPoint> points) {
    return new HashSet<>(
        handle
            .createQuery(
                """
                INSERT INTO metric (stage_key, name, step, value)
                SELECT :key, point.name, point.step, point.value
                  FROM unnest(:names::text[], :steps::bigint[], :values::float8[])
                       AS point (name, step, value)
                ON CONFLICT DO NOTHING
                RETURNING step, name""")
            .bind("key", claim.key())
            .bindArray("names", String.class, points.stream().map(MetricPoint::name).toList())
            .bindArray("steps", Long.class, points.stream().map(MetricPoint::step).toList())
            .bindArray("values", Double.class, points.stream().map(MetricPoint::value).toList())
            .map((row, context) -> new Place(row.getLong("step"), row.getString("name")))
            .list());
  }

  private static void compare(Handle handle, Claim claim, MetricPoint point) {
    double stored =
        handle
            .createQuery(
                "SELECT value FROM metric WHERE stage_key = :key AND name = :name AND step = :step")
            .bind("key", claim.key())
            .bind("name", point.name())
            .bind("step", point.step())
            .mapTo(double.class)
            .one();
    if (Double.compare(stored, point.value()) != 0) {
      FindingStore.add(
          handle,
          claim,
          "metric",
          "%s of step %d was %s and is %s when computed again"
              .formatted(point.name(), point.step(), stored, point.value()));
    }
  }

  /** What is done with the points of a stage, while they stream out of the database. */
  @FunctionalInterface
  public interface PointReader {
    void read(Iterator<MetricPoint> points) throws IOException;
  }

  /** Hands over all points of a stage by step and name, however many. */
  public void read(String stageKey, PointReader reader) throws IOException {
    jdbi.inTransaction(
        handle -> {
          try (ResultIterator<MetricPoint> points =
              handle
                  .createQuery(
                      """
                      SELECT step, name, value FROM metric
                       WHERE stage_key = :key ORDER BY step, name COLLATE "C\"""")
                  .bind("key", stageKey)
                  .setFetchSize(FETCH_SIZE)
                  .map(
                      (row, context) ->
                          new MetricPoint(
                              row.getLong("step"), row.getString("name"), row.getDouble("value")))
                  .iterator()) {
            reader.read(points);
          }
          return null;
        });
  }

  /** The first step at which two stages have another value of a metric, bit for bit. */
  public Optional<Long> firstDifference(String stageKey, String otherKey, String name) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT a.step
                      FROM metric a
                      JOIN metric b ON b.stage_key = :other AND b.name = a.name AND b.step = a.step
                     WHERE a.stage_key = :key AND a.name = :name AND a.value <> b.value
                     ORDER BY a.step LIMIT 1""")
                .bind("key", stageKey)
                .bind("other", otherKey)
                .bind("name", name)
                .mapTo(long.class)
                .findOne());
  }

  /** All points of one metric in step order. */
  public List<MetricPoint> curve(String stageKey, String name) {
    return Outage.outlast(
        () ->
            jdbi.withHandle(
                handle ->
                    handle
                        .createQuery(
                            """
                    SELECT step, value FROM metric
                     WHERE stage_key = :key AND name = :name ORDER BY step""")
                        .bind("key", stageKey)
                        .bind("name", name)
                        .map(
                            (row, context) ->
                                new MetricPoint(row.getLong("step"), name, row.getDouble("value")))
                        .list()));
  }
}
