-- Samples that were passed over.
INSERT INTO skipped_range (stage_key, first_sample, samples, action, reason, step, failed_step, value,
                           attempt)
VALUES ('train-timed', 80, 8, 'SKIP', 'LOSS_SPIKE', 10, 10, 9.5, 1);
