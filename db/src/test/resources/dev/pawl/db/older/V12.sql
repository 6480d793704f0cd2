-- Points whose last one is kept by triggers.
INSERT INTO metric (stage_key, name, step, value) VALUES
    ('train-timed', 'valid_loss', 50, 3.5), ('train-timed', 'valid_loss', 100, 3.25);
