-- What version 1 of the schema held: one run that is done, one that failed, one that is under way.
INSERT INTO experiment (id, name, digest, config, source, created_at) VALUES
    ('x1', 'first', 'x1', '{"experiment": "first"}', 'experiment: first', '2026-01-01 10:00:00+00');
INSERT INTO run (id, experiment_id, ordinal, name, model, parameters, config, status, cause, message,
                 created_at, started_at, finished_at) VALUES
    ('done', 'x1', 0, 'done', 'vanilla', 1000, '{"seed": 1, "model": {"hiddenSize": 8}}', 'DONE',
     NULL, NULL, '2026-01-01 10:00:00+00', '2026-01-01 10:00:01+00', '2026-01-01 10:02:00+00'),
    ('failed', 'x1', 1, 'failed', 'block', 1000, '{"seed": 2}', 'FAILED', 'NUMERIC',
     'step 7: the loss is NaN', '2026-01-01 10:00:00+00', '2026-01-01 10:00:01+00',
     '2026-01-01 10:01:00+00'),
    ('going', 'x1', 2, 'going', 'block', 1000, '{"seed": 3}', 'RUNNING', NULL, NULL,
     '2026-01-01 10:00:00+00', '2026-01-01 10:00:01+00', NULL);
INSERT INTO stage (key, kind, version, config, inputs, status, owner_id, attempt, lease_expires_at,
                   progress, result) VALUES
    ('tokens', 'tokenize', 1, '{}', '{}', 'DONE', NULL, 1, NULL, '{"documents": 5}',
     '{"tokens": 50}'),
    ('train-done', 'pretrain', 1, '{"seed": 1}', '{"tokenize": "tokens"}', 'DONE', NULL, 2, NULL,
     NULL, '{"steps": 200}'),
    ('train-failed', 'pretrain', 1, '{"seed": 2}', '{"tokenize": "tokens"}', 'FAILED', NULL, 1, NULL,
     NULL, NULL),
    ('train-going', 'pretrain', 1, '{"seed": 3}', '{"tokenize": "tokens"}', 'RUNNING', 'a/1/0/run', 1,
     '2026-01-01 10:03:00+00', '{"step": 60}', NULL),
    ('score-done', 'evaluate', 1, '{}', '{"pretrain": "train-done"}', 'DONE', NULL, 1, NULL, NULL,
     NULL),
    ('speed-done', 'generation', 1, '{}', '{"pretrain": "train-done"}', 'DONE', NULL, 1, NULL, NULL,
     NULL);
INSERT INTO run_stage (run_id, ordinal, stage_key) VALUES
    ('done', 0, 'tokens'), ('done', 1, 'train-done'), ('done', 2, 'score-done'),
    ('done', 3, 'speed-done'), ('failed', 0, 'tokens'), ('failed', 1, 'train-failed'),
    ('going', 0, 'tokens'), ('going', 1, 'train-going');
INSERT INTO environment (id, description, created_at) VALUES
    ('here', '{"code_version": "0.1.0", "cpu": "Xeon", "device": "cpu", "threads": "2"}',
     '2026-01-01 10:00:00+00');
INSERT INTO attempt (stage_key, attempt, owner_id, host, pid, environment_id, started_at, finished_at,
                     outcome, cause, message) VALUES
    ('tokens', 1, 'a/1/0/run', 'a', 1, 'here', '2026-01-01 10:00:02+00', '2026-01-01 10:00:05+00',
     'DONE', NULL, NULL),
    ('train-done', 1, 'a/1/0/run', 'a', 1, 'here', '2026-01-01 10:00:05+00',
     '2026-01-01 10:00:30+00', 'RELEASED', NULL, NULL),
    ('train-done', 2, 'a/2/0/run', 'a', 2, 'here', '2026-01-01 10:00:40+00',
     '2026-01-01 10:01:30+00', 'DONE', NULL, NULL),
    ('train-failed', 1, 'a/1/0/run', 'a', 1, 'here', '2026-01-01 10:00:05+00',
     '2026-01-01 10:00:50+00', 'FAILED', 'NUMERIC', 'step 7: the loss is NaN'),
    ('train-going', 1, 'a/1/0/run', 'a', 1, NULL, '2026-01-01 10:01:00+00', NULL, NULL, NULL, NULL),
    ('score-done', 1, 'a/2/0/run', 'a', 2, 'here', '2026-01-01 10:01:30+00',
     '2026-01-01 10:01:40+00', 'DONE', NULL, NULL),
    ('speed-done', 1, 'a/2/0/run', 'a', 2, 'here', '2026-01-01 10:01:40+00',
     '2026-01-01 10:02:00+00', 'DONE', NULL, NULL);
INSERT INTO artifact (stage_key, kind, digest, bytes, path, created_at)
SELECT key, kind, 'digest-of-' || key, 1000, 'artifacts/' || kind || '/' || key,
       '2026-01-01 10:02:00+00'
  FROM stage WHERE status = 'DONE';
INSERT INTO metric (stage_key, name, step, value)
SELECT 'train-done', name, step, value
  FROM (VALUES ('train_loss', 100, 3.0), ('train_loss', 200, 2.5), ('valid_loss', 100, 3.1),
               ('valid_loss', 200, 2.75)) AS point (name, step, value);
INSERT INTO metric (stage_key, name, step, value) VALUES ('train-going', 'train_loss', 60, 'NaN');
INSERT INTO checkpoint (stage_key, step, consumed_samples, sha256, path, bytes, created_at) VALUES
    ('train-done', 100, 800, 'state-100', 'work/train-done/checkpoint-100', 12000,
     '2026-01-01 10:01:00+00'),
    ('train-done', 200, 1600, 'state-200', 'artifacts/pretrain/train-done/checkpoint-200', 12000,
     '2026-01-01 10:01:30+00'),
    ('train-going', 50, 400, 'going-50', 'work/train-going/checkpoint-50', 12000,
     '2026-01-01 10:02:00+00');
INSERT INTO evaluation (stage_key, task, metric, value, stderr, n) VALUES
    ('score-done', 'cloze', 'acc', 0.25, 0.03, 200);
INSERT INTO generation (stage_key, prefill_length, decode_length, batch_size, protocol, precision,
                        tokens_per_second, max_memory_bytes, milliseconds) VALUES
    ('speed-done', 16, 112, 8, 'optimised', 'fp32', 400, 1048576, '[1.5, 1.25]');
