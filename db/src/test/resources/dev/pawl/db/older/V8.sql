-- Scores of checkpoints, some without a standard error, and the answers behind them.
INSERT INTO evaluation (stage_key, task, metric, value, stderr, n, step, version) VALUES
    ('score-done', 'cloze', 'acc', 0.2, 0.03, 200, 100, '1'),
    ('score-done', 'cloze', 'acc', 0.25, 0.03, 200, 200, '1'),
    ('score-done', 'cloze', 'perplexity', 40, NULL, 200, 200, '1');
INSERT INTO evaluation_document (stage_key, step, task, document, log_likelihoods, greedy)
VALUES ('score-done', 200, 'cloze', 0, '[-1.5]', '[true]');
