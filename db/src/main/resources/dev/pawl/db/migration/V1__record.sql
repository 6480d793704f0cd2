-- What was asked for: an experiment is a set of runs, a run a list of stages.
CREATE TABLE experiment (
    id          text PRIMARY KEY,
    name        text NOT NULL,
    digest      text NOT NULL,
    config      jsonb NOT NULL,
    source      text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE run (
    id            text PRIMARY KEY,
    experiment_id text NOT NULL REFERENCES experiment,
    ordinal       integer NOT NULL,
    name          text NOT NULL,
    model         text NOT NULL,
    parameters    bigint NOT NULL,
    config        jsonb NOT NULL,
    status        text NOT NULL DEFAULT 'QUEUED'
                  CHECK (status IN ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
    cause         text,
    message       text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    started_at    timestamptz,
    finished_at   timestamptz,
    UNIQUE (experiment_id, name)
);

-- A stage is known by the hash of all that determines its result, and shared by every run that
-- needs it.
CREATE TABLE stage (
    key              text PRIMARY KEY,
    kind             text NOT NULL,
    version          integer NOT NULL,
    config           jsonb NOT NULL,
    inputs           jsonb NOT NULL,
    status           text NOT NULL DEFAULT 'PENDING'
                     CHECK (status IN ('PENDING', 'RUNNING', 'DONE', 'FAILED')),
    owner_id         text,
    attempt          integer NOT NULL DEFAULT 0,
    lease_expires_at timestamptz,
    progress         jsonb,
    result           jsonb
);

CREATE TABLE run_stage (
    run_id    text NOT NULL REFERENCES run,
    ordinal   integer NOT NULL,
    stage_key text NOT NULL REFERENCES stage,
    PRIMARY KEY (run_id, ordinal)
);
CREATE INDEX run_stage_by_stage ON run_stage (stage_key);

-- On what an attempt ran; the id is the digest of the description.
CREATE TABLE environment (
    id          text PRIMARY KEY,
    description jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE attempt (
    stage_key      text NOT NULL REFERENCES stage,
    attempt        integer NOT NULL,
    owner_id       text NOT NULL,
    host           text NOT NULL,
    pid            bigint NOT NULL,
    environment_id text REFERENCES environment,
    started_at     timestamptz NOT NULL DEFAULT now(),
    finished_at    timestamptz,
    outcome        text CHECK (outcome IN ('DONE', 'FAILED', 'RELEASED')),
    cause          text CHECK (cause IN ('CONFIG', 'DATA', 'MEMORY', 'NUMERIC', 'INFRASTRUCTURE',
                                         'CANCELLED', 'BUG')),
    message        text,
    PRIMARY KEY (stage_key, attempt)
);

CREATE TABLE artifact (
    stage_key  text PRIMARY KEY REFERENCES stage,
    kind       text NOT NULL,
    digest     text NOT NULL,
    bytes      bigint NOT NULL,
    path       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE metric (
    stage_key text NOT NULL REFERENCES stage,
    name      text NOT NULL,
    step      bigint NOT NULL,
    value     double precision NOT NULL,
    PRIMARY KEY (stage_key, name, step)
);

CREATE TABLE checkpoint (
    stage_key        text NOT NULL REFERENCES stage,
    step             bigint NOT NULL,
    consumed_samples bigint NOT NULL,
    sha256           text NOT NULL,
    path             text NOT NULL,
    bytes            bigint NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (stage_key, step)
);

CREATE TABLE evaluation (
    stage_key text NOT NULL REFERENCES stage,
    task      text NOT NULL,
    metric    text NOT NULL,
    value     double precision NOT NULL,
    stderr    double precision NOT NULL,
    n         integer NOT NULL,
    PRIMARY KEY (stage_key, task, metric)
);

CREATE TABLE generation (
    stage_key         text NOT NULL REFERENCES stage,
    prefill_length    integer NOT NULL,
    decode_length     integer NOT NULL,
    batch_size        integer NOT NULL,
    protocol          text NOT NULL,
    precision         text NOT NULL,
    tokens_per_second double precision NOT NULL,
    max_memory_bytes  bigint NOT NULL,
    milliseconds      jsonb NOT NULL,
    PRIMARY KEY (stage_key, prefill_length, decode_length, batch_size, protocol, precision)
);

-- One row a run, with how far its stages are.
CREATE VIEW v_run AS
SELECT r.id AS run_id, e.id AS experiment_id, e.name AS experiment, r.name AS run, r.ordinal,
       r.model, r.parameters, r.status, r.cause, r.message, r.created_at, r.started_at,
       r.finished_at, r.config,
       count(s.key) FILTER (WHERE s.status = 'DONE') AS stages_done,
       count(s.key) AS stages_total
  FROM run r
  JOIN experiment e ON e.id = r.experiment_id
  LEFT JOIN run_stage rs ON rs.run_id = r.id
  LEFT JOIN stage s ON s.key = rs.stage_key
 GROUP BY r.id, e.id;

-- The last value of each metric of a run's training.
CREATE VIEW v_metric_last AS
SELECT rs.run_id, m.name, m.step, m.value
  FROM run_stage rs
  JOIN stage s ON s.key = rs.stage_key AND s.kind = 'pretrain'
  CROSS JOIN LATERAL (
       SELECT DISTINCT ON (name) name, step, value
         FROM metric
        WHERE stage_key = s.key
        ORDER BY name, step DESC) m;

CREATE VIEW v_checkpoint_last AS
SELECT DISTINCT ON (rs.run_id)
       rs.run_id, c.step, c.consumed_samples, c.sha256, c.path, c.bytes
  FROM run_stage rs
  JOIN checkpoint c ON c.stage_key = rs.stage_key
 ORDER BY rs.run_id, c.step DESC;

CREATE VIEW v_eval AS
SELECT rs.run_id, e.task, e.metric, e.value, e.stderr, e.n
  FROM run_stage rs
  JOIN evaluation e ON e.stage_key = rs.stage_key;

CREATE VIEW v_generation AS
SELECT rs.run_id, g.prefill_length, g.decode_length, g.batch_size, g.protocol, g.precision,
       g.tokens_per_second, g.max_memory_bytes, g.milliseconds
  FROM run_stage rs
  JOIN generation g ON g.stage_key = rs.stage_key;
