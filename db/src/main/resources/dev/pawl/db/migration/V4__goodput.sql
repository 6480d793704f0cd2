-- Where the time of a run goes; docs/goodput.md says what counts as what.

-- Which run an attempt was made for, and which process alone serves a run.
ALTER TABLE attempt ADD COLUMN run_id text REFERENCES run;
CREATE INDEX attempt_by_run ON attempt (run_id);
ALTER TABLE run ADD COLUMN owner_id text;

-- Runs from before this version have no times of their attempts, and no goodput.
ALTER TABLE run ADD COLUMN timed boolean NOT NULL DEFAULT false;
ALTER TABLE run ALTER COLUMN timed SET DEFAULT true;

CREATE TABLE attempt_segment (
    stage_key text NOT NULL,
    attempt   integer NOT NULL,
    ordinal   integer NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('WORK', 'KEPT', 'LOST', 'SAVING')),
    began_s   double precision NOT NULL CHECK (began_s >= 0),
    ended_s   double precision NOT NULL CHECK (ended_s >= began_s),
    step      bigint,
    PRIMARY KEY (stage_key, attempt, ordinal),
    FOREIGN KEY (stage_key, attempt) REFERENCES attempt
);
COMMENT ON TABLE attempt_segment IS
    'What an attempt did when; written with its beats, so that a killed one lacks at most a beat.';
COMMENT ON COLUMN attempt_segment.kind IS
    'SAVING, or the fate of work: WORK not yet known, KEPT, LOST (another attempt does it again).';
COMMENT ON COLUMN attempt_segment.began_s IS 'Seconds after the start of the attempt.';
COMMENT ON COLUMN attempt_segment.ended_s IS 'Seconds after the start of the attempt.';
COMMENT ON COLUMN attempt_segment.step IS
    'Training steps that were behind when it began; null for work without steps.';

-- A run that is done waits for nothing: this time is not the run's.
CREATE TABLE run_rest (
    run_id   text NOT NULL REFERENCES run,
    began_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL CHECK (ended_at >= began_at),
    PRIMARY KEY (run_id, began_at)
);
COMMENT ON TABLE run_rest IS 'From the end of a done run to the moment it was taken up again.';

CREATE FUNCTION seconds_in(times tstzmultirange) RETURNS double precision
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(sum(extract(epoch FROM upper(during) - lower(during))), 0)::double precision
      FROM unnest(times) AS during
$$;

CREATE VIEW v_attempt_time AS
SELECT a.run_id, a.stage_key, s.kind AS stage, a.attempt, t.ordinal,
       CASE
           WHEN t.kind = 'SAVING' THEN 'saving'
           WHEN t.kind = 'KEPT' THEN 'useful'
           WHEN t.kind = 'LOST' THEN 'redone'
           WHEN a.finished_at IS NULL AND s.status = 'RUNNING' AND s.attempt = a.attempt
                AND s.lease_expires_at >= now() THEN 'useful'
           WHEN a.outcome = 'RELEASED'
                OR bool_or(t.kind IN ('KEPT', 'LOST'))
                   OVER (PARTITION BY a.run_id, a.stage_key, a.attempt) THEN 'redone'
           ELSE 'failed'
       END AS kind,
       a.started_at + make_interval(secs => t.began_s) AS began_at,
       a.started_at + make_interval(secs => t.ended_s) AS ended_at
  FROM attempt a
  JOIN stage s ON s.key = a.stage_key
  JOIN attempt_segment t ON t.stage_key = a.stage_key AND t.attempt = a.attempt;
COMMENT ON VIEW v_attempt_time IS
    'Each stretch of each attempt, for the run it was made for, as useful, redone, saving or failed.';

CREATE VIEW v_goodput AS
WITH spent AS (
    SELECT run_id,
           range_agg(tstzrange(began_at, ended_at)) FILTER (WHERE kind = 'useful') AS useful,
           range_agg(tstzrange(began_at, ended_at)) FILTER (WHERE kind = 'redone') AS redone,
           range_agg(tstzrange(began_at, ended_at)) FILTER (WHERE kind = 'saving') AS saving,
           range_agg(tstzrange(began_at, ended_at)) FILTER (WHERE kind = 'failed') AS failed
      FROM v_attempt_time
     GROUP BY run_id
), clock AS (
    SELECT id AS run_id,
           tstzmultirange(
               tstzrange(created_at, greatest(created_at, coalesce(finished_at, now()))))
           - coalesce((SELECT range_agg(tstzrange(began_at, ended_at))
                         FROM run_rest
                        WHERE run_rest.run_id = run.id), '{}') AS wall
      FROM run
     WHERE timed
), parts AS (
    SELECT c.run_id, c.wall,
           coalesce(s.useful, '{}') AS useful,
           coalesce(s.redone, '{}') AS redone,
           coalesce(s.saving, '{}') AS saving,
           coalesce(s.failed, '{}') AS failed
      FROM clock c
      LEFT JOIN spent s ON s.run_id = c.run_id
)
SELECT run_id,
       seconds_in(wall * useful) AS useful_s,
       seconds_in(wall * redone - useful) AS redone_s,
       seconds_in(wall * saving - useful - redone) AS saving_s,
       seconds_in(wall - useful - redone - saving - failed) AS waiting_s,
       seconds_in(wall * failed - useful - redone - saving) AS failed_s,
       seconds_in(wall) AS wall_s,
       seconds_in(wall * useful) / nullif(seconds_in(wall), 0) AS goodput
  FROM parts;
COMMENT ON VIEW v_goodput IS
    'Where the wall time of a run went; where stages ran at the same time, a second counts once, as'
    ' the first of useful, redone, saving, failed, waiting. The five add up to wall_s.';
COMMENT ON COLUMN v_goodput.useful_s IS 'Seconds of work whose result was kept.';
COMMENT ON COLUMN v_goodput.redone_s IS
    'Seconds of work that was lost after something had been kept, or was given back undone.';
COMMENT ON COLUMN v_goodput.saving_s IS
    'Seconds in which the work waited for a checkpoint or an artifact to be saved.';
COMMENT ON COLUMN v_goodput.waiting_s IS 'Seconds in which no attempt of the run was at work.';
COMMENT ON COLUMN v_goodput.failed_s IS 'Seconds of attempts that failed and left nothing.';
COMMENT ON COLUMN v_goodput.wall_s IS
    'Seconds from the creation of the run to its end, or to now, without those after it was done.';
COMMENT ON COLUMN v_goodput.goodput IS 'useful_s / wall_s; null while no time has passed.';
