-- A sweep is an experiment whose runs differ in some keys; how it goes about them decides no result.

ALTER TABLE run ADD COLUMN point jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN run.point IS
    'The values of the swept keys of this run, by dotted key; {} where nothing is swept.';

ALTER TABLE run DROP CONSTRAINT run_status_check;
ALTER TABLE run ADD CONSTRAINT run_status_check
    CHECK (status IN ('QUEUED', 'RUNNING', 'PAUSED', 'DONE', 'FAILED', 'STOPPED', 'CANCELLED',
                      'STOPPED_EARLY'));

CREATE INDEX run_by_experiment ON run (experiment_id, ordinal);

CREATE TABLE sweep (
    experiment_id text PRIMARY KEY REFERENCES experiment,
    max_in_flight integer NOT NULL CHECK (max_in_flight >= 1),
    priority      integer NOT NULL CHECK (priority BETWEEN 1 AND 5),
    stop_after    integer NOT NULL CHECK (stop_after >= 0),
    configuration jsonb NOT NULL,
    state         text NOT NULL DEFAULT 'QUEUED'
                  CHECK (state IN ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'STOPPED', 'CANCELLED')),
    superseded_by text REFERENCES experiment,
    started_at    timestamptz,
    finished_at   timestamptz
);
COMMENT ON TABLE sweep IS 'How an experiment with a sweep goes about its runs, and where it stands.';
COMMENT ON COLUMN sweep.max_in_flight IS 'Runs that go on at the same time.';
COMMENT ON COLUMN sweep.priority IS 'From 1 (first) to 5, among those that wait for the same workers.';
COMMENT ON COLUMN sweep.stop_after IS
    'Failed runs after which nothing more is begun: 1 is fail_fast, 0 (never) is collect_all.';
COMMENT ON COLUMN sweep.configuration IS
    'Every value by dotted key, those of all runs behind each other where they differ.';
COMMENT ON COLUMN sweep.superseded_by IS
    'The experiment that the same name came to when the file was edited and submitted again.';
