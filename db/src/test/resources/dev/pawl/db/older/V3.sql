-- Checkpoints know what they went on from.
INSERT INTO checkpoint (stage_key, step, consumed_samples, sha256, path, bytes, parent_sha256)
VALUES ('train-going', 60, 480, 'going-60', 'work/train-going/checkpoint-60', 12000, 'going-50');
INSERT INTO finding (stage_key, attempt, subject, message)
VALUES ('train-done', 2, 'train_loss', 'step 150 came out as 2.6, and was 2.5');
