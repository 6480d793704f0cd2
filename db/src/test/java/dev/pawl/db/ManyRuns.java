package dev.pawl.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/** Fills a database with made-up runs, by a few statements that the server works off alone. */
public final class ManyRuns {
  private ManyRuns() {}

  /**
   * Experiments that look alike.
   *
   * @param name of the experiment; of several, with a number behind it
   * @param runs of each; every fortieth failed, every tenth of the others was killed once
   * @param steps of each training; four metrics have a value at each, valid_loss ten in all
   * @param positions of a block whose losses are metrics too
   */
  public record Shape(String name, int experiments, int runs, int steps, int positions) {
    /** Points that all runs have together. */
    public long points() {
      long tenths = steps / Math.max(1, steps / 10);
      return (long) experiments * runs * ((long) steps * (4 + positions) + tenths);
    }
  }

  /** Makes the runs, and lets the server look at them as autovacuum would. */
  public static void fill(JdbcSettings settings, List<Shape> shapes) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                settings.url(), settings.user().orElse(null), settings.password().orElse(null));
        Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = off");
      // No foreign keys to check, no last values to keep: they are made at the end.
      statement.execute("SET session_replication_role = replica");
      for (Shape shape : shapes) {
        statement.execute(made(shape));
        for (String fill : FILLS) {
          statement.execute(fill);
        }
        statement.execute("DROP TABLE made");
      }
      statement.execute("VACUUM ANALYZE");
    }
  }

  private static String made(Shape shape) {
    return String.format(
        Locale.ROOT,
        """
        CREATE TEMPORARY TABLE made AS
        SELECT e.i AS series, e.name AS experiment, left(md5(e.name), 12) AS experiment_id, ordinal,
               left(md5(e.name || '/' || ordinal), 12) AS run_id,
               CASE WHEN ordinal %% 2 = 0 THEN 'vanilla' ELSE 'block' END AS model,
               CASE ordinal WHEN 0 THEN 'vanilla' WHEN 1 THEN 'block'
                    ELSE (ARRAY['vanilla', 'block'])[1 + ordinal %% 2] || '_' || ordinal END AS name,
               1000000 * (1 + ordinal / 4 %% 3) AS parameters, ordinal / 12 AS seed,
               ordinal %% 40 = 39 AS failed, ordinal %% 10 = 5 AS killed,
               (SELECT array_agg(encode(sha256((e.name || '/' || kind
                                 || CASE WHEN place < 2 THEN '' ELSE '/' || ordinal END)::bytea),
                                 'hex') ORDER BY place)
                  FROM unnest(ARRAY['corpus', 'tokenize', 'pretrain', 'evaluate', 'generation',
                                    'report']) WITH ORDINALITY AS part (kind, place)) AS keys,
               timestamptz '2026-01-01' + make_interval(hours => e.i, secs => ordinal) AS at,
               %d AS steps, %d AS positions
          FROM (SELECT i, '%s' || CASE WHEN %d > 1 THEN '_' || i ELSE '' END AS name
                  FROM generate_series(1, %d) AS i) e
         CROSS JOIN generate_series(0, %d - 1) AS ordinal""",
        shape.steps(),
        shape.positions(),
        shape.name(),
        shape.experiments(),
        shape.experiments(),
        shape.runs());
  }

  private static final String KINDS =
      "unnest(ARRAY['corpus', 'tokenize', 'pretrain', 'evaluate', 'generation', 'report'])"
          + " WITH ORDINALITY AS part (kind, place)";

  private static final List<String> FILLS =
      List.of(
          """
          INSERT INTO experiment (id, name, digest, config, source, created_at)
          SELECT DISTINCT experiment_id, experiment, experiment_id, '{}'::jsonb,
                 'experiment: ' || experiment, min(at) OVER (PARTITION BY experiment_id)
            FROM made""",
          """
          INSERT INTO run (id, experiment_id, ordinal, name, model, parameters, config, status, cause,
                           message, created_at, started_at, finished_at, point)
          SELECT run_id, experiment_id, ordinal, name, model, parameters,
                 jsonb_build_object('seed', seed, 'model', jsonb_build_object(
                     'architecture', model, 'hiddenSize', 64 * (1 + ordinal / 4 % 3), 'layers', 6,
                     'heads', 4, 'vocabSize', 50304, 'blockLength', 4, 'rotaryPct', 0.25,
                     'embedder', '{"class": "lookup", "hiddenSize": 64}'::jsonb,
                     'blockDecoder', '{"layers": 3, "hiddenSize": 256, "heads": 4}'::jsonb,
                     'tokenDecoder', '{"layers": 3, "hiddenSize": 256, "heads": 4}'::jsonb),
                     'training', '{"maxLength": 2048, "totalBatchSize": 256, "numTrainSteps": 6000,
                       "perDeviceTrainBatchSize": 8, "numWarmupSteps": 60, "learningRate": 0.0003,
                       "minLearningRateRatio": 0.1, "adamBeta1": 0.9, "adamBeta2": 0.95,
                       "adamEpsilon": 1e-8, "weightDecay": 0.1, "maxGradNorm": 1.0, "saveSteps": 100,
                       "precision": "bf16", "activationRecompute": "none", "loggingSteps": 1,
                       "validSamples": 64, "validSteps": 100, "trainSamples": 0, "stopSamples": 0,
                       "checkpoints": {"keepLast": 2, "keepEvery": 0, "keepBest": true},
                       "schedule": {"decay": "cosine"}, "anomalies": {"action": "STOP"}}'::jsonb),
                 CASE WHEN failed THEN 'FAILED' ELSE 'DONE' END,
                 CASE WHEN failed THEN 'NUMERIC' END,
                 CASE WHEN failed THEN 'step 7: the loss is NaN; lower training.learning_rate' END,
                 at, at + interval '1 s', at + interval '50 min', jsonb_build_object('seed', seed)
            FROM made""",
          """
          INSERT INTO stage (key, kind, version, config, inputs, status, attempt)
          SELECT DISTINCT ON (keys[place]) keys[place], kind, 2,
                 jsonb_build_object('seed', seed, 'of', experiment, 'threads', 2),
                 CASE WHEN place = 1 THEN '{}' ELSE jsonb_build_object('before', keys[place - 1]) END,
                 CASE WHEN NOT failed OR place < 3 THEN 'DONE' WHEN place = 3 THEN 'FAILED'
                      ELSE 'PENDING' END,
                 CASE WHEN failed AND place > 3 THEN 0 WHEN killed AND place = 3 THEN 2 ELSE 1 END
            FROM made CROSS JOIN"""
              + " "
              + KINDS,
          "INSERT INTO run_stage (run_id, ordinal, stage_key) SELECT run_id, place - 1, keys[place]"
              + " FROM made CROSS JOIN "
              + KINDS
              + " ORDER BY at, run_id, place",
          """
          INSERT INTO environment (id, description)
          SELECT 'environment' || i, jsonb_build_object('code_version', '0.1.0+' || i, 'cpu', 'Xeon',
                 'device', 'cpu', 'threads', (i * 2)::text)
            FROM generate_series(0, 2) AS i
          ON CONFLICT DO NOTHING""",
          """
          INSERT INTO attempt (stage_key, attempt, owner_id, host, pid, environment_id, started_at,
                               finished_at, outcome, cause, message, run_id)
          SELECT DISTINCT ON (s.key, try) s.key, try, 'host/1/0/run', 'host_' || m.ordinal % 3, 1,
                 'environment' || m.ordinal % 3, m.at + make_interval(mins => place::int * 8 + try - 3),
                 m.at + make_interval(mins => place::int * 8 + try - 2),
                 CASE WHEN try < s.attempt OR s.status = 'FAILED' THEN 'FAILED' ELSE 'DONE' END,
                 CASE WHEN try < s.attempt THEN 'INFRASTRUCTURE' WHEN s.status = 'FAILED'
                      THEN 'NUMERIC' END,
                 CASE WHEN try < s.attempt THEN 'the worker stopped without an answer'
                      WHEN s.status = 'FAILED' THEN 'step 7: the loss is NaN' END, m.run_id
            FROM made m CROSS JOIN"""
              + " "
              + KINDS
              + """

            JOIN stage s ON s.key = m.keys[place]
           CROSS JOIN generate_series(1, s.attempt) AS try""",
          """
          INSERT INTO attempt_segment (stage_key, attempt, ordinal, kind, began_s, ended_s, step)
          SELECT a.stage_key, a.attempt, i, CASE i % 2 WHEN 0 THEN 'KEPT' ELSE 'SAVING' END,
                 i * 5, i * 5 + 5, i * 10
            FROM made m
            JOIN attempt a ON a.stage_key = ANY(m.keys[3:6])
            JOIN stage s ON s.key = a.stage_key
           CROSS JOIN generate_series(0, CASE s.kind WHEN 'pretrain' THEN 9 ELSE 0 END) AS i""",
          """
          INSERT INTO artifact (stage_key, kind, digest, bytes, path)
          SELECT DISTINCT s.key, s.kind, md5(s.key), 1000000, 'artifacts/' || s.kind || '/' || s.key
            FROM made m JOIN stage s ON s.key = ANY(m.keys) AND s.status = 'DONE'""",
          """
          INSERT INTO metric (stage_key, name, step, value)
          SELECT m.keys[3], point.name, point.step, point.value
            FROM made m
           CROSS JOIN LATERAL (
                 SELECT name, step, 2 + 6 / sqrt(step) + 0.01 * (m.ordinal % 7)
                                    + 0.05 * sin(step * 0.7 + m.ordinal) AS value
                   FROM (SELECT unnest(ARRAY['train_loss', 'learning_rate', 'gradient_norm',
                                             'tokens_per_second']) AS name
                         UNION ALL
                         SELECT 'loss_by_position/' || i FROM generate_series(1, m.positions) AS i) n
                  CROSS JOIN generate_series(1, m.steps) AS step
                 UNION ALL
                 SELECT 'valid_loss', step, 2.1 + 6 / sqrt(step) + 0.01 * (m.ordinal % 7)
                   FROM generate_series(m.steps / 10, m.steps, m.steps / 10) AS step) point""",
          """
          INSERT INTO metric_last (stage_key, name, step, value)
          SELECT m.keys[3], n.name, l.step, l.value
            FROM made m
           CROSS JOIN LATERAL (
                 SELECT unnest(ARRAY['train_loss', 'learning_rate', 'gradient_norm', 'valid_loss',
                                     'tokens_per_second']) AS name
                 UNION ALL
                 SELECT 'loss_by_position/' || i FROM generate_series(1, m.positions) AS i) n
           CROSS JOIN LATERAL (
                 SELECT step, value FROM metric WHERE stage_key = m.keys[3] AND name = n.name
                  ORDER BY step DESC LIMIT 1) l""",
          """
          INSERT INTO checkpoint (stage_key, step, consumed_samples, sha256, path, bytes, removed_at,
                                  removed_because)
          SELECT keys[3], step, step * 256, md5(keys[3] || step), 'work/' || keys[3] || '/' || step,
                 4000000, CASE WHEN step < steps THEN at END,
                 CASE WHEN step < steps THEN 'the training is done' END
            FROM made CROSS JOIN unnest(ARRAY[steps / 2, steps]) AS step""",
          """
          INSERT INTO evaluation (stage_key, task, metric, value, stderr, n, step, version)
          SELECT keys[4], task, metric, 0.3 + 0.001 * (ordinal % 300), 0.01, 500, step, '1'
            FROM made
           CROSS JOIN unnest(ARRAY['cloze', 'choice']) AS task
           CROSS JOIN unnest(ARRAY['acc', 'acc_norm']) AS metric
           CROSS JOIN unnest(ARRAY[steps / 2, steps]) AS step
           WHERE NOT failed""",
          """
          INSERT INTO generation (stage_key, prefill_length, decode_length, batch_size, protocol,
                                  precision, tokens_per_second, max_memory_bytes, milliseconds,
                                  conditions)
          SELECT keys[5], prefill, 128, 16, 'optimised', 'bf16',
                 (ARRAY[100, 900])[1 + ordinal % 2] + ordinal, 1000000000, '[100.5, 101.5, 99.5]',
                 '{"cpu": "Xeon", "device": "cpu", "threads": "2", "load": "0.10"}'
            FROM made CROSS JOIN unnest(ARRAY[128, 2048]) AS prefill
           WHERE NOT failed""",
          """
          INSERT INTO finding (stage_key, attempt, subject, message)
          SELECT keys[3], 1, 'inexact', 'planned for 2 threads, computed with 4'
            FROM made WHERE ordinal % 50 = 7""");
}
