-- Samples that a training passed over because a step was not as it should be.
CREATE TABLE skipped_range (
    stage_key    text NOT NULL REFERENCES stage,
    first_sample bigint NOT NULL,
    samples      bigint NOT NULL CHECK (samples > 0),
    action       text NOT NULL CHECK (action IN ('SKIP', 'REWIND')),
    reason       text NOT NULL CHECK (reason IN ('LOSS_NOT_FINITE', 'GRADIENT_NORM_NOT_FINITE',
                                                 'LOSS_SPIKE', 'GRADIENT_NORM_SPIKE')),
    step         bigint NOT NULL,
    failed_step  bigint NOT NULL,
    value        double precision NOT NULL,
    attempt      integer NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (stage_key, first_sample)
);

CREATE VIEW v_skipped_range AS
SELECT rs.run_id, k.stage_key, k.action, k.reason, k.step, k.failed_step, k.first_sample, k.samples,
       k.value, k.attempt, k.created_at
  FROM run_stage rs
  JOIN skipped_range k ON k.stage_key = rs.stage_key;
