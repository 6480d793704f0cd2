-- A checkpoint that is no longer there stays in the record: the chain goes through it.
ALTER TABLE checkpoint ADD COLUMN removed_at timestamptz;
ALTER TABLE checkpoint ADD COLUMN removed_because text;

-- What went wrong and was put right, such as a damaged checkpoint in whose place the one before was
-- used: shown, and no reason to doubt the result.
ALTER TABLE finding ADD COLUMN note boolean NOT NULL DEFAULT false;

CREATE OR REPLACE VIEW v_checkpoint_last AS
SELECT DISTINCT ON (rs.run_id)
       rs.run_id, c.step, c.consumed_samples, c.sha256, c.path, c.bytes, c.parent_sha256
  FROM run_stage rs
  JOIN checkpoint c ON c.stage_key = rs.stage_key AND c.removed_at IS NULL
 ORDER BY rs.run_id, c.step DESC;

UPDATE checkpoint c
   SET removed_at = now(), removed_because = 'the training is done'
  FROM stage s
 WHERE s.key = c.stage_key AND s.status = 'DONE' AND starts_with(c.path, 'work/');
