-- The state that a checkpoint's training went on from: a chain back to the initial weights.
ALTER TABLE checkpoint ADD COLUMN parent_sha256 text;

-- What turned out other than it should be; it never replaces what was stored first.
CREATE TABLE finding (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stage_key  text NOT NULL REFERENCES stage,
    attempt    integer NOT NULL,
    subject    text NOT NULL,
    message    text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX finding_by_stage ON finding (stage_key);

CREATE OR REPLACE VIEW v_checkpoint_last AS
SELECT DISTINCT ON (rs.run_id)
       rs.run_id, c.step, c.consumed_samples, c.sha256, c.path, c.bytes, c.parent_sha256
  FROM run_stage rs
  JOIN checkpoint c ON c.stage_key = rs.stage_key
 ORDER BY rs.run_id, c.step DESC;
