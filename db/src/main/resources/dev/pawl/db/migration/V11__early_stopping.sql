-- Sweeps that end runs early by asynchronous successive halving; docs/early-stopping.md says how.
-- Rows are only ever added: what was decided stays decided, however often a process is killed.

CREATE TABLE asha (
    experiment_id     text PRIMARY KEY REFERENCES experiment,
    metric            text NOT NULL,
    smaller_is_better boolean NOT NULL,
    reduction_factor  integer NOT NULL CHECK (reduction_factor >= 2),
    created_at        timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE asha IS 'A sweep whose runs are stopped early, and by what they are compared.';
COMMENT ON COLUMN asha.metric IS 'Name of the metric of the training that runs are compared by.';
COMMENT ON COLUMN asha.reduction_factor IS 'Of so many runs of a rung one goes on.';

CREATE TABLE asha_rung (
    experiment_id text NOT NULL REFERENCES asha,
    rung          integer NOT NULL CHECK (rung >= 0),
    step          bigint NOT NULL CHECK (step >= 1),
    PRIMARY KEY (experiment_id, rung)
);
COMMENT ON TABLE asha_rung IS 'The optimizer steps at which the runs of a sweep are compared.';

CREATE TABLE asha_trial (
    experiment_id text NOT NULL REFERENCES asha,
    trial         integer NOT NULL CHECK (trial >= 0),
    run_id        text NOT NULL REFERENCES run,
    PRIMARY KEY (experiment_id, trial),
    UNIQUE (experiment_id, run_id)
);
CREATE INDEX asha_trial_by_run ON asha_trial (run_id);
COMMENT ON TABLE asha_trial IS 'The runs of a sweep in the order in which they begin.';

CREATE TABLE asha_decision (
    experiment_id text NOT NULL REFERENCES asha,
    decision      integer NOT NULL CHECK (decision >= 1),
    trial         integer NOT NULL,
    rung          integer NOT NULL,
    arrived       integer NOT NULL CHECK (arrived >= 0),
    reason        text NOT NULL,
    decided_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (experiment_id, decision),
    UNIQUE (experiment_id, trial, rung),
    FOREIGN KEY (experiment_id, trial) REFERENCES asha_trial,
    FOREIGN KEY (experiment_id, rung) REFERENCES asha_rung
);
COMMENT ON TABLE asha_decision IS 'Which run was sent to which rung, in this order, and why.';
COMMENT ON COLUMN asha_decision.arrived IS
    'Results that were known then: with their order, every decision follows again.';

CREATE TABLE asha_result (
    experiment_id text NOT NULL REFERENCES asha,
    arrival       integer NOT NULL CHECK (arrival >= 1),
    trial         integer NOT NULL,
    rung          integer NOT NULL,
    value         double precision NOT NULL,
    recorded_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (experiment_id, arrival),
    UNIQUE (experiment_id, trial, rung),
    FOREIGN KEY (experiment_id, trial, rung)
        REFERENCES asha_decision (experiment_id, trial, rung)
);
COMMENT ON TABLE asha_result IS 'Runs that came to a rung, in the order in which they did.';
COMMENT ON COLUMN asha_result.value IS
    'The metric there; NaN where it has no value, such as of a training that failed with NUMERIC.';

-- Every run of a sweep at every rung that it was sent to.
CREATE VIEW v_asha AS
SELECT d.experiment_id, d.decision, t.run_id, r.name AS run, d.trial, d.rung, g.step, a.metric,
       s.value, s.arrival, d.arrived, d.reason,
       EXISTS (SELECT 1 FROM asha_decision n
                WHERE n.experiment_id = d.experiment_id AND n.trial = d.trial
                  AND n.rung = d.rung + 1) AS promoted,
       d.decided_at, s.recorded_at
  FROM asha_decision d
  JOIN asha a ON a.experiment_id = d.experiment_id
  JOIN asha_rung g ON g.experiment_id = d.experiment_id AND g.rung = d.rung
  JOIN asha_trial t ON t.experiment_id = d.experiment_id AND t.trial = d.trial
  JOIN run r ON r.id = t.run_id
  LEFT JOIN asha_result s
    ON s.experiment_id = d.experiment_id AND s.trial = d.trial AND s.rung = d.rung;
COMMENT ON VIEW v_asha IS
    'One row a decision of early stopping: the run, the rung it was sent to, and what it had there.';
COMMENT ON COLUMN v_asha.step IS 'Optimizer step of the rung.';
COMMENT ON COLUMN v_asha.value IS 'The metric there; null until the run has come to the rung.';
COMMENT ON COLUMN v_asha.promoted IS 'Whether the run was sent on to the next rung.';
