-- Who serves the queues: a row a process, refreshed while it lives.
CREATE TABLE worker (
    id           text PRIMARY KEY,
    name         text NOT NULL,
    host         text NOT NULL,
    pid          bigint NOT NULL,
    queues       text[] NOT NULL,
    device       text,
    threads      integer NOT NULL CHECK (threads >= 1),
    place        text,
    code_version text NOT NULL,
    started_at   timestamptz NOT NULL DEFAULT now(),
    seen_at      timestamptz NOT NULL DEFAULT now(),
    stopping_at  timestamptz,
    stopped_at   timestamptz
);
CREATE INDEX worker_there ON worker (host, pid) WHERE stopped_at IS NULL;
CREATE INDEX worker_by_place ON worker (place, seen_at) WHERE place IS NOT NULL;
CREATE INDEX attempt_open ON attempt (host, pid) WHERE finished_at IS NULL;

COMMENT ON TABLE worker IS
    'Processes that serve the queues of a Temporal server, those that ended too.';
COMMENT ON COLUMN worker.id IS 'host/pid/start of the process in milliseconds/name.';
COMMENT ON COLUMN worker.name IS 'As its operator calls it.';
COMMENT ON COLUMN worker.host IS 'Name of the machine.';
COMMENT ON COLUMN worker.pid IS 'Number of the process on that machine.';
COMMENT ON COLUMN worker.queues IS 'What it takes on: workflows, data, device.';
COMMENT ON COLUMN worker.device IS
    'The device that it alone computes on, such as cuda:0; null where it serves no device stages.';
COMMENT ON COLUMN worker.threads IS 'Threads it computes with; they are part of what a training is.';
COMMENT ON COLUMN worker.place IS
    'Id of the home whose artifacts it has; null where artifacts are in a store that all workers'
    ' reach.';
COMMENT ON COLUMN worker.code_version IS 'Version of the program and, where it is known, commit.';
COMMENT ON COLUMN worker.started_at IS 'When it began to serve.';
COMMENT ON COLUMN worker.seen_at IS 'When it was last heard of; refreshed every few seconds.';
COMMENT ON COLUMN worker.stopping_at IS
    'When it was asked to end: it takes on nothing more; null before.';
COMMENT ON COLUMN worker.stopped_at IS
    'When it ended in good order; null while it lives, and where it was killed.';

CREATE VIEW v_worker AS
SELECT w.id AS worker_id, w.name, w.host, w.pid, w.queues, w.device, w.threads, w.place,
       w.code_version, w.started_at, w.seen_at, w.stopped_at,
       CASE
           WHEN w.stopped_at IS NOT NULL THEN 'STOPPED'
           WHEN w.seen_at < now() - interval '45 seconds' THEN 'GONE'
           WHEN w.stopping_at IS NOT NULL THEN 'STOPPING'
           ELSE 'ALIVE'
       END AS state,
       going.run_id, going.stage_key, going.stage, going.attempt, going.stage_started_at
  FROM worker w
  LEFT JOIN LATERAL (
       SELECT a.run_id, a.stage_key, s.kind AS stage, a.attempt,
              a.started_at AS stage_started_at
         FROM attempt a
         JOIN stage s ON s.key = a.stage_key AND s.attempt = a.attempt AND s.status = 'RUNNING'
        WHERE a.host = w.host AND a.pid = w.pid AND a.finished_at IS NULL
          AND a.started_at >= w.started_at) going ON w.stopped_at IS NULL;
COMMENT ON VIEW v_worker IS
    'Workers and what they are at: a line a worker and stage that it holds, one line where it holds'
    ' none.';
COMMENT ON COLUMN v_worker.worker_id IS 'The worker.';
COMMENT ON COLUMN v_worker.name IS 'As its operator calls it.';
COMMENT ON COLUMN v_worker.host IS 'Name of the machine.';
COMMENT ON COLUMN v_worker.pid IS 'Number of the process on that machine.';
COMMENT ON COLUMN v_worker.queues IS 'What it takes on: workflows, data, device.';
COMMENT ON COLUMN v_worker.device IS
    'The device that it alone computes on, such as cuda:0; null where it serves no device stages.';
COMMENT ON COLUMN v_worker.threads IS
    'Threads it computes with; they are part of what a training is.';
COMMENT ON COLUMN v_worker.place IS
    'Id of the home whose artifacts it has; null where artifacts are in a store that all workers'
    ' reach.';
COMMENT ON COLUMN v_worker.code_version IS
    'Version of the program and, where it is known, commit.';
COMMENT ON COLUMN v_worker.started_at IS 'When it began to serve.';
COMMENT ON COLUMN v_worker.seen_at IS 'When it was last heard of.';
COMMENT ON COLUMN v_worker.stopped_at IS
    'When it ended in good order; null while it lives, and where it was killed.';
COMMENT ON COLUMN v_worker.state IS
    'ALIVE; STOPPING, it saves and takes on nothing more; STOPPED; or GONE, not heard of for 45'
    ' seconds.';
COMMENT ON COLUMN v_worker.run_id IS 'The run that it is at; null where it waits.';
COMMENT ON COLUMN v_worker.stage_key IS 'The stage that it holds; null where it waits.';
COMMENT ON COLUMN v_worker.stage IS 'Kind of the stage; null where it waits.';
COMMENT ON COLUMN v_worker.attempt IS 'Number of the attempt, from 1; null where it waits.';
COMMENT ON COLUMN v_worker.stage_started_at IS
    'When that attempt began; null where it waits.';

INSERT INTO permission (relation, role, privileges) VALUES
    ('worker', 'pawl_worker', 'INSERT, UPDATE');
SELECT grant_roles();
