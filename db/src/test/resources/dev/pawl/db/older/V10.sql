-- A sweep.
INSERT INTO experiment (id, name, digest, config, source)
VALUES ('x2', 'swept', 'x2', '{"experiment": "swept"}', 'experiment: swept');
INSERT INTO run (id, experiment_id, ordinal, name, model, parameters, config, status, point) VALUES
    ('point-1', 'x2', 0, 'seed=1', 'vanilla', 1000, '{"seed": 1}', 'DONE', '{"seed": 1}'),
    ('point-2', 'x2', 1, 'seed=2', 'vanilla', 1000, '{"seed": 2}', 'STOPPED_EARLY', '{"seed": 2}');
INSERT INTO sweep (experiment_id, max_in_flight, priority, stop_after, configuration, state)
VALUES ('x2', 2, 3, 0, '{"seed": [1, 2]}', 'DONE');
