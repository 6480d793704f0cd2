package dev.pawl.db;

import java.util.Optional;
import java.util.OptionalDouble;
import org.jdbi.v3.core.Jdbi;

/** What was measured of work like some that is to come. Thread-safe. */
public final class EstimateStore {
  private final Jdbi jdbi;

  EstimateStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Median of the tokens a second with which a host trained models of a shape to their end.
   *
   * @param modelJson configuration of the model
   * @param deviceKind and {@code threads}: with which it did
   */
  public OptionalDouble tokensPerSecond(
      String modelJson, String deviceKind, int threads, String host) {
    return number(
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY m.value)
                          FROM stage s
                          JOIN metric m ON m.stage_key = s.key AND m.name = 'tokens_per_second'
                         WHERE s.kind = 'pretrain' AND s.status = 'DONE'
                           AND s.config -> 'model' = :model::jsonb
                           AND s.config ->> 'deviceKind' = :device
                           AND (s.config ->> 'threads')::integer = :threads
                           AND EXISTS (SELECT 1 FROM attempt a
                                        WHERE a.stage_key = s.key AND a.outcome = 'DONE'
                                          AND a.host = :host)""")
                    .bind("model", modelJson)
                    .bind("device", deviceKind)
                    .bind("threads", threads)
                    .bind("host", host)
                    .mapTo(Double.class)
                    .findOne()));
  }

  /**
   * Mean of the seconds that stages of a kind and configuration took on a host, for runs with a
   * model of a shape.
   */
  public OptionalDouble seconds(String kind, String configJson, String modelJson, String host) {
    return number(
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT avg(extract(epoch FROM a.finished_at - a.started_at))
                          FROM stage s
                          JOIN attempt a ON a.stage_key = s.key AND a.outcome = 'DONE'
                                        AND a.host = :host
                          JOIN run r ON r.id = a.run_id AND r.config -> 'model' = :model::jsonb
                         WHERE s.kind = :kind AND s.status = 'DONE'
                           AND s.config = :config::jsonb""")
                    .bind("kind", kind)
                    .bind("config", configJson)
                    .bind("model", modelJson)
                    .bind("host", host)
                    .mapTo(Double.class)
                    .findOne()));
  }

  private static OptionalDouble number(Optional<Double> found) {
    return found.map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }
}
