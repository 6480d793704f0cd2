-- Scores belong to a checkpoint of the training, by its step; those from before it were of the last.
ALTER TABLE evaluation ADD COLUMN step bigint NOT NULL DEFAULT 0;
ALTER TABLE evaluation ADD COLUMN version text NOT NULL DEFAULT '';
ALTER TABLE evaluation DROP CONSTRAINT evaluation_pkey;
ALTER TABLE evaluation ADD PRIMARY KEY (stage_key, step, task, metric);
-- Some metrics have no standard error.
ALTER TABLE evaluation ALTER COLUMN stderr DROP NOT NULL;

-- The answer to each document: what is stored here is not computed again.
CREATE TABLE evaluation_document (
    stage_key       text NOT NULL REFERENCES stage,
    step            bigint NOT NULL,
    task            text NOT NULL,
    document        integer NOT NULL,
    log_likelihoods jsonb NOT NULL,
    greedy          jsonb NOT NULL,
    PRIMARY KEY (stage_key, step, task, document)
);

-- Of each stage the scores of the latest checkpoint.
CREATE OR REPLACE VIEW v_eval AS
SELECT rs.run_id, e.task, e.metric, e.value, e.stderr, e.n, e.step, e.version
  FROM run_stage rs
  JOIN evaluation e ON e.stage_key = rs.stage_key
 WHERE e.step = (SELECT max(step) FROM evaluation l WHERE l.stage_key = e.stage_key);

-- The scores of all checkpoints: curves over training steps.
CREATE VIEW v_eval_curve AS
SELECT rs.run_id, e.step, e.task, e.version, e.metric, e.value, e.stderr, e.n
  FROM run_stage rs
  JOIN evaluation e ON e.stage_key = rs.stage_key;
