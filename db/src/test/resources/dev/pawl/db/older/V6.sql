-- Checkpoints that were removed, and notes.
INSERT INTO checkpoint (stage_key, step, consumed_samples, sha256, path, bytes, removed_at,
                        removed_because)
VALUES ('train-timed', 50, 400, 'timed-50', 'work/train-timed/checkpoint-50', 12000,
        '2026-01-01 11:01:30+00', 'the training is done'),
       ('train-timed', 100, 800, 'timed-100', 'artifacts/pretrain/train-timed/checkpoint-100', 12000,
        NULL, NULL);
INSERT INTO finding (stage_key, attempt, subject, message, note)
VALUES ('train-timed', 1, 'checkpoint', 'checkpoint-40 is damaged, the one before it was used', true);
