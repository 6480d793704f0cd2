-- What a measurement of generation says beyond its numbers: batches that did not fit, what the machine
-- could have done at best, and where and beside what it was measured.
ALTER TABLE generation
    ADD COLUMN oom boolean NOT NULL DEFAULT false,
    ADD COLUMN floor_milliseconds double precision NOT NULL DEFAULT 0,
    ADD COLUMN conditions jsonb NOT NULL DEFAULT '{}';

CREATE OR REPLACE VIEW v_generation AS
SELECT rs.run_id, g.prefill_length, g.decode_length, g.batch_size, g.protocol, g.precision,
       g.tokens_per_second, g.max_memory_bytes, g.milliseconds, g.oom, g.floor_milliseconds,
       g.conditions
  FROM run_stage rs
  JOIN generation g ON g.stage_key = rs.stage_key;
