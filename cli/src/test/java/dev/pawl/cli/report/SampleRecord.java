package dev.pawl.cli.report;

import dev.pawl.db.Database;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A record of a sweep of two architectures, two sizes and three seeds, written row by row: one run
 * failed, one has a name that would end a script, and values are such that the best are known.
 */
public final class SampleRecord {
  /** Ends scripts, begins others, and holds all that HTML takes for more than text. */
  static final String HOSTILE = "</script><script>window.owned=1</script><b id=\"owned\">'&amp;";

  /** The experiment's id. */
  static final String EXPERIMENT = "5a3b1e0c9d7f";

  static final int STEPS = 1500;

  private SampleRecord() {}

  /** A new database that holds it. */
  public static JdbcSettings write() throws SQLException {
    JdbcSettings settings = TestDatabase.freshSettings();
    Database.open(settings).close();
    try (Connection connection =
            DriverManager.getConnection(
                settings.url(), settings.user().orElse(null), settings.password().orElse(null));
        Statement statement = connection.createStatement()) {
      for (String sql : SQL.formatted(STEPS, HOSTILE.replace("'", "''")).split(";;", -1)) {
        statement.execute(sql);
      }
    }
    return settings;
  }

  // Runs 0 to 11: architecture is vanilla below 6 and block from 6 on, size changes every three,
  // and
  // seed with each. Losses fall with the size; blocks are a little worse and much faster.
  private static final String SQL =
      """
      INSERT INTO experiment (id, name, digest, config, source, created_at) VALUES
        ('5a3b1e0c9d7f', 'sample', repeat('5a3b1e0c9d7f', 5),
         '{"name": "sample", "seed": 1, "command": ["pawl", "run", "my sweeps/sample.yaml",
           "training.learning_rate=1e-3", "dataset.files=it''s here.txt"]}',
         E'experiment: sample\\nmodels: {} # </script> & <b>bold</b>\\n', '2026-11-01 08:00:00+00')
      ;;
      CREATE TEMPORARY TABLE wanted AS
      SELECT i, 'run' || lpad(i::text, 9, '0') AS id,
             CASE WHEN i < 6 THEN 'vanilla' ELSE 'block' END AS model,
             1 + i / 3 %% 2 AS size, 1 + i %% 3 AS seed
        FROM generate_series(0, 11) AS i
      ;;
      INSERT INTO run (id, experiment_id, ordinal, name, model, parameters, config, status, cause,
                       message, created_at, started_at, finished_at, point)
      SELECT id, '5a3b1e0c9d7f', i,
             CASE WHEN i = 7 THEN '%2$s' ELSE model || '_' || size || '_seed' || seed END,
             model, 1000000 * size * size,
             jsonb_build_object('seed', seed, 'model', jsonb_build_object('architecture', model,
                 'hiddenSize', 64 * size)
                 || CASE WHEN model = 'block' THEN '{"blockLength": 4}'::jsonb ELSE '{}' END,
                 'training', '{"maxLength": 128, "totalBatchSize": 16, "learningRate": 0.001}'::jsonb),
             CASE WHEN i = 11 THEN 'FAILED' ELSE 'DONE' END,
             CASE WHEN i = 11 THEN 'NUMERIC' END,
             CASE WHEN i = 11 THEN 'loss is <NaN> at step 700 & no longer a number' END,
             timestamptz '2026-11-01 08:00:00+00', timestamptz '2026-11-01 08:00:10+00',
             timestamptz '2026-11-01 08:20:00+00' + make_interval(mins => i),
             jsonb_build_object('seed', seed, 'models.hidden_size', 64 * size)
        FROM wanted
      ;;
      INSERT INTO stage (key, kind, version, config, inputs, status, attempt)
      VALUES (repeat('ab', 32), 'tokenize', 2, '{}', '{}', 'DONE', 1)
      ;;
      INSERT INTO stage (key, kind, version, config, inputs, status, attempt)
      SELECT encode(sha256((kind || id)::bytea), 'hex'), kind, 1,
             CASE kind WHEN 'pretrain' THEN jsonb_build_object('seed', seed) ELSE '{}' END,
             CASE kind WHEN 'pretrain' THEN jsonb_build_object('tokenize', repeat('ab', 32))
                       ELSE jsonb_build_object('pretrain',
                                               encode(sha256(('pretrain' || id)::bytea), 'hex')) END,
             CASE WHEN i = 11 THEN 'FAILED' ELSE 'DONE' END, 1
        FROM wanted CROSS JOIN unnest(ARRAY['pretrain', 'evaluate', 'generation']) AS kind
      ;;
      INSERT INTO run_stage (run_id, ordinal, stage_key)
      SELECT id, 0, repeat('ab', 32) FROM wanted
      UNION ALL
      SELECT id, place, encode(sha256((kind || id)::bytea), 'hex')
        FROM wanted
       CROSS JOIN unnest(ARRAY['pretrain', 'evaluate', 'generation'])
                  WITH ORDINALITY AS kinds(kind, place)
      ;;
      INSERT INTO environment (id, description) VALUES
        ('e000000000000001', '{"code_version": "0.1.0+abc1234", "cpu": "A <fast> CPU & more",
          "device": "cpu", "threads": "2", "java": "17.0.1", "os": "Linux 6.1"}'),
        ('e000000000000002', '{"code_version": "0.1.0+abc1234", "cpu": "Another CPU",
          "device": "cpu", "threads": "2", "java": "17.0.1", "os": "Linux 6.1"}')
      ;;
      INSERT INTO attempt (stage_key, attempt, owner_id, host, pid, environment_id, started_at,
                           finished_at, outcome, cause, message, run_id)
      SELECT s.key, 1, 'owner', 'node' || (w.i %% 2), 4711,
             'e00000000000000' || (1 + w.i %% 2),
             timestamptz '2026-11-01 08:00:10+00', timestamptz '2026-11-01 08:15:00+00',
             s.status,
             CASE WHEN s.status = 'FAILED' THEN 'NUMERIC' END,
             CASE WHEN s.status = 'FAILED' THEN 'loss is <NaN> at step 700 & no longer a number' END,
             w.id
        FROM stage s
        JOIN (SELECT DISTINCT ON (stage_key) stage_key, run_id FROM run_stage
               ORDER BY stage_key, run_id) rs ON rs.stage_key = s.key
        JOIN wanted w ON w.id = rs.run_id
       WHERE s.status = 'DONE' OR s.kind = 'pretrain'
      ;;
      INSERT INTO attempt_segment (stage_key, attempt, ordinal, kind, began_s, ended_s, step)
      SELECT attempt.stage_key, attempt.attempt, ordinal, spent.kind, began, ended, NULL
        FROM attempt
        JOIN stage ON stage.key = attempt.stage_key AND stage.kind = 'pretrain' AND stage.status = 'DONE'
       CROSS JOIN (VALUES (0, 'KEPT', 0, 400), (1, 'SAVING', 400, 440), (2, 'LOST', 440, 500),
                          (3, 'KEPT', 500, 800)) AS spent(ordinal, kind, began, ended)
      ;;
      INSERT INTO artifact (stage_key, kind, digest, bytes, path)
      SELECT key, kind, encode(sha256(key::bytea), 'hex'), 4000000, 'artifacts/' || key
        FROM stage WHERE status = 'DONE'
      ;;
      INSERT INTO metric (stage_key, name, step, value)
      SELECT encode(sha256(('pretrain' || id)::bytea), 'hex'), 'train_loss', step,
             CASE WHEN i = 0 AND step = 777 THEN 99.5
                  ELSE 6.0 - size * 0.4 + (i / 6) * 0.1 + seed * 0.01 - 0.7 * ln(step)
                       + 0.05 * sin(step * 12.9898) END
        FROM wanted CROSS JOIN generate_series(1, %1$d) AS step
       WHERE i <> 11 OR step < 700
      ;;
      INSERT INTO metric (stage_key, name, step, value)
      SELECT encode(sha256(('pretrain' || id)::bytea), 'hex'), 'tokens_per_second', step,
             2048.0 * (1 + i / 6)
        FROM wanted CROSS JOIN generate_series(1, %1$d) AS step
       WHERE i <> 11 OR step < 700
      ;;
      INSERT INTO metric (stage_key, name, step, value)
      SELECT encode(sha256(('pretrain' || id)::bytea), 'hex'), 'valid_loss', step,
             6.1 - size * 0.4 + (i / 6) * 0.1 + seed * 0.01 - 0.7 * ln(step)
        FROM wanted CROSS JOIN generate_series(100, %1$d, 100) AS step
       WHERE i <> 11
      ;;
      INSERT INTO metric (stage_key, name, step, value)
      SELECT encode(sha256(('pretrain' || id)::bytea), 'hex'), 'loss_by_position/' || position, step,
             3.0 - 0.3 * position
        FROM wanted CROSS JOIN generate_series(1, 4) AS position
       CROSS JOIN generate_series(10, %1$d, 10) AS step
       WHERE model = 'block' AND i <> 11
      ;;
      INSERT INTO checkpoint (stage_key, step, consumed_samples, sha256, path, bytes)
      SELECT encode(sha256(('pretrain' || id)::bytea), 'hex'), step, 16 * step, repeat('cd', 32),
             'checkpoint', 4000000
        FROM wanted CROSS JOIN generate_series(500, %1$d, 500) AS step
       WHERE i <> 11
      ;;
      INSERT INTO evaluation (stage_key, step, task, version, metric, value, stderr, n)
      SELECT encode(sha256(('evaluate' || id)::bytea), 'hex'), %1$d, task, '1', metric,
             base + 0.02 * size - 0.001 * seed, stderr, 500
        FROM wanted
       CROSS JOIN (VALUES ('lambada', 'acc', 0.3, 0.0123), ('lambada', 'perplexity', 20.0, NULL),
                          ('piqa', 'acc_norm', 0.55, 0.0222)) AS t(task, metric, base, stderr)
       WHERE i <> 11
      ;;
      INSERT INTO generation (stage_key, prefill_length, decode_length, batch_size, protocol,
                              precision, tokens_per_second, max_memory_bytes, milliseconds)
      SELECT encode(sha256(('generation' || id)::bytea), 'hex'), prefill, 128 - prefill, batch,
             'optimised', 'fp32', (1 + 9 * (i / 6)) * 100.0 * sqrt(batch) / size, 300000000 * size,
             '[10.0, 11.0]'
        FROM wanted
       CROSS JOIN (VALUES (112), (16)) AS shape(prefill)
       CROSS JOIN (VALUES (1), (16)) AS batches(batch)
       WHERE i <> 11
      """;
}
