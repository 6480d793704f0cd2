-- One that gave up its worse run.
INSERT INTO asha (experiment_id, metric, smaller_is_better, reduction_factor)
VALUES ('x2', 'valid_loss', true, 2);
INSERT INTO asha_rung (experiment_id, rung, step) VALUES ('x2', 0, 10), ('x2', 1, 20);
INSERT INTO asha_trial (experiment_id, trial, run_id) VALUES ('x2', 0, 'point-1'), ('x2', 1, 'point-2');
INSERT INTO asha_decision (experiment_id, decision, trial, rung, arrived, reason) VALUES
    ('x2', 1, 0, 0, 0, 'a new run'), ('x2', 2, 1, 0, 0, 'a new run'),
    ('x2', 3, 0, 1, 2, 'best of 2');
INSERT INTO asha_result (experiment_id, arrival, trial, rung, value) VALUES
    ('x2', 1, 0, 0, 2.5), ('x2', 2, 1, 0, 'NaN');
