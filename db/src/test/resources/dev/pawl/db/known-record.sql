-- Five runs of one experiment, small enough to know every answer by heart:
--
--   run            model    parameters  seed  valid_loss at 100, 200  tokens/s   what happened
--   vanilla        vanilla   1,000,000     1        3.50, 3.00           500
--   vanilla_large  vanilla   4,000,000     1        2.90, 2.50            40     batch twice as large
--   block          block     4,000,000     1        2.80, 2.50           400     killed once, on host a
--   block_2        block     4,000,000     2        2.85, 2.60           390     on host b
--   broken         block     4,000,000     3        -                      -     loss is no number
INSERT INTO experiment (id, name, digest, config, source, created_at) VALUES
    ('a1b2c3d4e5f6', 'quickstart', 'a1b2c3d4e5f6', '{}', 'experiment: quickstart',
     '2026-01-01 10:00:00+00');

INSERT INTO run (id, experiment_id, ordinal, name, model, parameters, config, status, cause, message,
                 created_at, started_at, finished_at, point)
SELECT id, 'a1b2c3d4e5f6', ordinal, name, model, parameters,
       jsonb_build_object('model', jsonb_build_object('architecture', model, 'hiddenSize', width),
                          'training', jsonb_build_object('maxLength', 16, 'totalBatchSize', batch),
                          'seed', seed),
       status, cause, message, '2026-01-01 10:00:00+00', '2026-01-01 10:00:00+00',
       '2026-01-01 10:01:40+00', '{}'
  FROM (VALUES
        ('r0', 0, 'vanilla', 'vanilla', 1000000, 64, 8, 1, 'DONE', NULL, NULL),
        ('r1', 1, 'vanilla_large', 'vanilla', 4000000, 128, 16, 1, 'DONE', NULL, NULL),
        ('r2', 2, 'block', 'block', 4000000, 128, 8, 1, 'DONE', NULL, NULL),
        ('r3', 3, 'block_2', 'block', 4000000, 128, 8, 2, 'DONE', NULL, NULL),
        ('r4', 4, 'broken', 'block', 4000000, 128, 8, 3, 'FAILED', 'NUMERIC',
         'step 7: the loss is NaN'))
       AS made (id, ordinal, name, model, parameters, width, batch, seed, status, cause, message);

INSERT INTO stage (key, kind, version, config, inputs, status, attempt)
SELECT 'tokenize', 'tokenize', 1, '{}'::jsonb, '{}'::jsonb, 'DONE', 1
UNION ALL
SELECT 'pretrain-' || name, 'pretrain', 4, jsonb_build_object('seed', config -> 'seed'),
       '{"tokenize": "tokenize"}', CASE WHEN status = 'DONE' THEN 'DONE' ELSE 'FAILED' END,
       CASE name WHEN 'block' THEN 2 ELSE 1 END
  FROM run
UNION ALL
SELECT kind || '-' || name, kind, 2, '{}', jsonb_build_object('pretrain', 'pretrain-' || name),
       CASE WHEN status = 'DONE' THEN 'DONE' ELSE 'PENDING' END,
       CASE WHEN status = 'DONE' THEN 1 ELSE 0 END
  FROM run CROSS JOIN unnest(ARRAY['evaluate', 'generation']) AS kind;

INSERT INTO run_stage (run_id, ordinal, stage_key)
SELECT id, place, CASE kind WHEN 'tokenize' THEN kind ELSE kind || '-' || name END
  FROM run
 CROSS JOIN (VALUES (0, 'tokenize'), (1, 'pretrain'), (2, 'evaluate'), (3, 'generation'))
       AS part (place, kind);

INSERT INTO environment (id, description) VALUES
    ('here', '{"code_version": "0.1.0+abc", "cpu": "Xeon", "device": "cpu", "threads": "2"}'),
    ('there', '{"code_version": "0.1.0+abd.changed", "cpu": "EPYC", "device": "cpu", "threads": "8"}');

-- block: claimed after 10 s, killed at 40 s with 10 s of work lost, taken up at 50 s, done at 90 s.
INSERT INTO attempt (stage_key, attempt, owner_id, host, pid, environment_id, started_at, finished_at,
                     outcome, cause, message, run_id)
VALUES ('pretrain-block', 1, 'a/1/0/run', 'a', 1, 'here', '2026-01-01 10:00:10+00',
        '2026-01-01 10:00:40+00', 'FAILED', 'INFRASTRUCTURE',
        'the worker stopped without an answer', 'r2'),
       ('pretrain-block', 2, 'a/2/0/run', 'a', 2, 'here', '2026-01-01 10:00:50+00',
        '2026-01-01 10:01:30+00', 'DONE', NULL, NULL, 'r2'),
       ('pretrain-broken', 1, 'b/3/0/run', 'b', 3, 'there', '2026-01-01 10:00:20+00',
        '2026-01-01 10:00:30+00', 'FAILED', 'NUMERIC', 'step 7: the loss is NaN', 'r4');
INSERT INTO attempt (stage_key, attempt, owner_id, host, pid, environment_id, started_at, finished_at,
                     outcome, run_id)
SELECT s.key, 1, host || '/9/0/run', host, 9,
       CASE host WHEN 'a' THEN 'here' ELSE 'there' END, '2026-01-01 10:00:10+00',
       '2026-01-01 10:00:20+00', 'DONE', CASE WHEN s.key = 'tokenize' THEN 'r0' ELSE rs.run_id END
  FROM stage s
  JOIN run_stage rs ON rs.stage_key = s.key AND (s.key <> 'tokenize' OR rs.run_id = 'r0')
 CROSS JOIN LATERAL (SELECT CASE rs.run_id WHEN 'r3' THEN 'b' ELSE 'a' END AS host) at
 WHERE s.status = 'DONE' AND s.key <> 'pretrain-block';

INSERT INTO attempt_segment (stage_key, attempt, ordinal, kind, began_s, ended_s, step) VALUES
    ('pretrain-block', 1, 0, 'KEPT', 0, 20, 0),
    ('pretrain-block', 1, 1, 'LOST', 20, 30, 100),
    ('pretrain-block', 2, 0, 'KEPT', 0, 35, 100),
    ('pretrain-block', 2, 1, 'SAVING', 35, 40, NULL);

INSERT INTO artifact (stage_key, kind, digest, bytes, path)
SELECT key, kind, 'sha256-of-' || key, 1000, 'artifacts/' || kind || '/' || key
  FROM stage WHERE status = 'DONE';

INSERT INTO metric (stage_key, name, step, value)
SELECT 'pretrain-' || run, name, step, value
  FROM (VALUES ('vanilla', 3.5, 3.0), ('vanilla_large', 2.9, 2.5), ('block', 2.8, 2.5),
               ('block_2', 2.85, 2.6)) AS lost (run, early, late)
 CROSS JOIN LATERAL (VALUES ('valid_loss', 100, early), ('valid_loss', 200, late),
                            ('train_loss', 50, early + 0.2), ('train_loss', 100, early + 0.1),
                            ('train_loss', 150, late + 0.2), ('train_loss', 200, late + 0.1))
       AS point (name, step, value);

INSERT INTO checkpoint (stage_key, step, consumed_samples, sha256, path, bytes, created_at, removed_at,
                        removed_because)
SELECT 'pretrain-' || name, step, step * (config #>> '{training,totalBatchSize}')::bigint,
       'sha256-' || name || '-' || step, 'work/' || name || '/' || step, 4000,
       '2026-01-01 10:01:00+00', CASE WHEN step = 100 THEN timestamptz '2026-01-01 10:01:30+00' END,
       CASE WHEN step = 100 THEN 'the training is done' END
  FROM run CROSS JOIN unnest(ARRAY[100, 200]) AS step
 WHERE status = 'DONE';

INSERT INTO evaluation (stage_key, task, metric, value, stderr, n, step, version)
SELECT 'evaluate-' || run, 'cloze', 'acc', value, 0.03, 200, step, '1'
  FROM (VALUES ('vanilla', 0.10, 0.20), ('vanilla_large', 0.30, 0.50), ('block', 0.35, 0.60),
               ('block_2', 0.30, 0.55)) AS scored (run, early, late)
 CROSS JOIN LATERAL (VALUES (100, early), (200, late)) AS point (step, value);

INSERT INTO generation (stage_key, prefill_length, decode_length, batch_size, protocol, precision,
                        tokens_per_second, max_memory_bytes, milliseconds, conditions)
SELECT 'generation-' || run, 128, 32, 8, 'optimised', 'fp32', rate, 1048576, '[1, 2]',
       jsonb_build_object('cpu', CASE run WHEN 'block_2' THEN 'EPYC' ELSE 'Xeon' END)
  FROM (VALUES ('vanilla', 500), ('vanilla_large', 40), ('block', 400), ('block_2', 390))
       AS measured (run, rate);
INSERT INTO generation (stage_key, prefill_length, decode_length, batch_size, protocol, precision,
                        tokens_per_second, max_memory_bytes, milliseconds, oom)
VALUES ('generation-vanilla_large', 128, 32, 64, 'optimised', 'fp32', 0, 0, '[]', true);

INSERT INTO finding (stage_key, attempt, subject, message, created_at) VALUES
    ('pretrain-block_2', 1, 'inexact', 'planned for 2 threads, computed with 8 from step 100 on',
     '2026-01-01 10:01:00+00');
