-- Operators have wishes from here on.
INSERT INTO run (id, experiment_id, ordinal, name, model, parameters, config, status, wish, wished_at)
VALUES ('paused', 'x1', 3, 'paused', 'block', 1000, '{"seed": 4}', 'PAUSED', 'PAUSE',
        '2026-01-01 10:05:00+00'),
       ('stopped', 'x1', 4, 'stopped', 'block', 1000, '{"seed": 5}', 'STOPPED', 'STOP',
        '2026-01-01 10:06:00+00');
