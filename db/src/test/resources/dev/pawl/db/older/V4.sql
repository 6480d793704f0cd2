-- Runs that are timed from here on.
INSERT INTO run (id, experiment_id, ordinal, name, model, parameters, config, status, created_at,
                 started_at, finished_at, owner_id)
VALUES ('timed', 'x1', 5, 'timed', 'vanilla', 1000, '{"seed": 6}', 'DONE', '2026-01-01 11:00:00+00',
        '2026-01-01 11:00:01+00', '2026-01-01 11:01:40+00', 'a/5/0/run');
INSERT INTO stage (key, kind, version, config, inputs, status, attempt)
VALUES ('train-timed', 'pretrain', 2, '{"seed": 6}', '{"tokenize": "tokens"}', 'DONE', 1);
INSERT INTO run_stage (run_id, ordinal, stage_key) VALUES
    ('timed', 0, 'tokens'), ('timed', 1, 'train-timed');
INSERT INTO attempt (stage_key, attempt, owner_id, host, pid, environment_id, started_at, finished_at,
                     outcome, run_id)
VALUES ('train-timed', 1, 'a/5/0/run', 'a', 5, 'here', '2026-01-01 11:00:10+00',
        '2026-01-01 11:01:30+00', 'DONE', 'timed');
INSERT INTO attempt_segment (stage_key, attempt, ordinal, kind, began_s, ended_s, step) VALUES
    ('train-timed', 1, 0, 'KEPT', 0, 50, 0), ('train-timed', 1, 1, 'SAVING', 50, 60, NULL);
INSERT INTO run_rest (run_id, began_at, ended_at)
VALUES ('timed', '2026-01-01 11:01:30+00', '2026-01-01 11:01:40+00');
