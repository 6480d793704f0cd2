-- What an operator wants of a run; its worker looks at it between two steps.
ALTER TABLE run ADD COLUMN wish text CHECK (wish IN ('PAUSE', 'STOP', 'CANCEL', 'CANCEL_NOW'));
ALTER TABLE run ADD COLUMN wished_at timestamptz;

ALTER TABLE run DROP CONSTRAINT run_status_check;
ALTER TABLE run ADD CONSTRAINT run_status_check
    CHECK (status IN ('QUEUED', 'RUNNING', 'PAUSED', 'DONE', 'FAILED', 'STOPPED', 'CANCELLED'));
