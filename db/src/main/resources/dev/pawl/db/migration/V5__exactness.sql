-- Whether a run may go on with another number of threads or on another kind of device than those it
-- was planned for. Where it did, that is a finding about the stage with the subject 'inexact'.
ALTER TABLE run ADD COLUMN allow_inexact boolean NOT NULL DEFAULT false;

CREATE VIEW v_inexact AS
SELECT rs.run_id, f.stage_key, f.attempt, f.message, f.created_at
  FROM run_stage rs
  JOIN finding f ON f.stage_key = rs.stage_key AND f.subject = 'inexact';
