-- The record as reviewers read it: views with names that stay, what each column means, indexes for
-- ten thousand runs, and a role that reads everything and changes nothing.

-- ---------------------------------------------------------------------------------- last values
-- Finding the last of millions of points takes as long as reading them, so they are kept. Triggers
-- keep them, whoever writes: once a statement, not once a row.
CREATE TABLE metric_last (
    stage_key text NOT NULL REFERENCES stage,
    name      text NOT NULL,
    step      bigint NOT NULL,
    value     double precision NOT NULL,
    PRIMARY KEY (stage_key, name)
);

INSERT INTO metric_last (stage_key, name, step, value)
SELECT DISTINCT ON (stage_key, name) stage_key, name, step, value
  FROM metric
 ORDER BY stage_key, name, step DESC;

-- One metric of all runs: the best of them.
CREATE INDEX metric_last_by_name ON metric_last (name, value);

CREATE FUNCTION keep_metric_last() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM metric_last l
         USING (SELECT DISTINCT stage_key, name FROM changed) c
         WHERE l.stage_key = c.stage_key AND l.name = c.name;
    END IF;
    INSERT INTO metric_last AS l (stage_key, name, step, value)
    SELECT c.stage_key, c.name, m.step, m.value
      FROM (SELECT DISTINCT stage_key, name FROM changed) c
     CROSS JOIN LATERAL (
           SELECT step, value
             FROM metric
            WHERE metric.stage_key = c.stage_key AND metric.name = c.name
            ORDER BY step DESC
            LIMIT 1) m
    ON CONFLICT (stage_key, name) DO UPDATE
       SET step = excluded.step, value = excluded.value;
    RETURN NULL;
END
$$;

CREATE TRIGGER metric_last_inserted AFTER INSERT ON metric
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION keep_metric_last();
CREATE TRIGGER metric_last_deleted AFTER DELETE ON metric
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION keep_metric_last();
-- A changed key leaves one place and comes to another.
CREATE TRIGGER metric_last_left AFTER UPDATE ON metric
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION keep_metric_last();
CREATE TRIGGER metric_last_updated AFTER UPDATE ON metric
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION keep_metric_last();

-- ------------------------------------------------------------------------------------- indexes
CREATE INDEX experiment_by_name ON experiment (name);
CREATE INDEX run_by_creation ON run (created_at, ordinal);
CREATE INDEX run_by_status ON run (status, created_at);
CREATE INDEX attempt_failed ON attempt (started_at) WHERE outcome = 'FAILED';
CREATE INDEX attempt_by_environment ON attempt (environment_id);
CREATE INDEX artifact_by_digest ON artifact (digest);
CREATE INDEX evaluation_by_task ON evaluation (task, metric, value);
CREATE INDEX stage_running ON stage (owner_id) WHERE status = 'RUNNING';
CREATE INDEX checkpoint_there ON checkpoint (stage_key, step) WHERE removed_at IS NULL;
-- From a run to its stages and back, and how far they are, without a look at the tables.
CREATE INDEX run_stage_by_run ON run_stage (run_id, stage_key);
DROP INDEX run_stage_by_stage;
CREATE INDEX run_stage_by_stage ON run_stage (stage_key, run_id);
CREATE INDEX stage_status ON stage (key) INCLUDE (status);

-- --------------------------------------------------------------------------------------- views
-- Whatever is counted or chosen for a run is so beside it (LATERAL), not for all runs at once: a
-- condition on runs, experiments or times then decides first, and the rest is read by index.
DROP VIEW v_run;
CREATE VIEW v_run AS
SELECT r.id AS run_id, e.id AS experiment_id, e.name AS experiment, r.name AS run, r.ordinal,
       r.model, r.parameters, r.status, r.cause, r.message, r.created_at, r.started_at,
       r.finished_at, r.config, r.point, stages.done AS stages_done, stages.total AS stages_total,
       (r.config ->> 'seed')::bigint AS seed
  FROM run r
  JOIN experiment e ON e.id = r.experiment_id
  LEFT JOIN LATERAL (
       SELECT count(*) FILTER (WHERE s.status = 'DONE') AS done, count(*) AS total
         FROM run_stage rs
         JOIN stage s ON s.key = rs.stage_key
        WHERE rs.run_id = r.id) stages ON true;

CREATE OR REPLACE VIEW v_metric_last AS
SELECT rs.run_id, m.name, m.step, m.value
  FROM run_stage rs
  JOIN metric_last m ON m.stage_key = rs.stage_key;

CREATE VIEW v_curve AS
SELECT rs.run_id, m.name, m.step, m.value
  FROM run_stage rs
  JOIN metric m ON m.stage_key = rs.stage_key;

CREATE VIEW v_curve_thin AS
SELECT rs.run_id, l.name, part.step, part.value, part.lowest, part.highest, part.points
  FROM run_stage rs
  JOIN metric_last l ON l.stage_key = rs.stage_key
 CROSS JOIN LATERAL (
       SELECT max(m.step) AS step, avg(m.value) AS value, min(m.value) AS lowest,
              max(m.value) AS highest, count(*) AS points
         FROM metric m
        WHERE m.stage_key = l.stage_key AND m.name = l.name
        GROUP BY m.step * 500 / (l.step + 1)) part;

CREATE OR REPLACE VIEW v_checkpoint_last AS
SELECT rs.run_id, c.step, c.consumed_samples, c.sha256, c.path, c.bytes, c.parent_sha256
  FROM run_stage rs
  JOIN checkpoint c ON c.stage_key = rs.stage_key
 WHERE c.removed_at IS NULL
   AND NOT EXISTS (
       SELECT FROM checkpoint later
        WHERE later.stage_key = c.stage_key AND later.step > c.step
          AND later.removed_at IS NULL);

CREATE OR REPLACE VIEW v_eval AS
SELECT rs.run_id, e.task, e.metric, e.value, e.stderr, e.n, e.step, e.version
  FROM run_stage rs
  JOIN evaluation e ON e.stage_key = rs.stage_key
 WHERE NOT EXISTS (
       SELECT FROM evaluation later
        WHERE later.stage_key = e.stage_key AND later.task = e.task AND later.metric = e.metric
          AND later.step > e.step);

CREATE OR REPLACE VIEW v_goodput AS
SELECT clock.run_id,
       seconds_in(clock.wall * spent.useful) AS useful_s,
       seconds_in(clock.wall * spent.redone - spent.useful) AS redone_s,
       seconds_in(clock.wall * spent.saving - spent.useful - spent.redone) AS saving_s,
       seconds_in(clock.wall - spent.useful - spent.redone - spent.saving - spent.failed)
           AS waiting_s,
       seconds_in(clock.wall * spent.failed - spent.useful - spent.redone - spent.saving)
           AS failed_s,
       seconds_in(clock.wall) AS wall_s,
       seconds_in(clock.wall * spent.useful) / nullif(seconds_in(clock.wall), 0) AS goodput
  FROM (SELECT id AS run_id,
               tstzmultirange(
                   tstzrange(created_at, greatest(created_at, coalesce(finished_at, now()))))
               - coalesce((SELECT range_agg(tstzrange(began_at, ended_at))
                             FROM run_rest
                            WHERE run_rest.run_id = run.id), '{}') AS wall
          FROM run
         WHERE timed) clock
 CROSS JOIN LATERAL (
       SELECT coalesce(range_agg(during) FILTER (WHERE kind = 'useful'), '{}') AS useful,
              coalesce(range_agg(during) FILTER (WHERE kind = 'redone'), '{}') AS redone,
              coalesce(range_agg(during) FILTER (WHERE kind = 'saving'), '{}') AS saving,
              coalesce(range_agg(during) FILTER (WHERE kind = 'failed'), '{}') AS failed
         FROM (SELECT t.kind, tstzrange(t.began_at, t.ended_at) AS during
                 FROM v_attempt_time t
                WHERE t.run_id = clock.run_id) segment) spent;

CREATE VIEW v_lineage AS
SELECT rs.run_id, s.key AS stage_key, s.kind AS stage, s.version, rs.ordinal,
       ARRAY(SELECT input.value FROM jsonb_each_text(s.inputs) input ORDER BY input.key)
           AS input_keys,
       a.digest AS artifact_digest, a.bytes AS artifact_bytes,
       n.description ->> 'code_version' AS code_version,
       concat_ws(', ', n.description ->> 'cpu', n.description ->> 'device',
                 (n.description ->> 'threads') || ' threads') AS machine,
       made.host, (s.config ->> 'seed')::bigint AS seed,
       s.status, made.attempt, made.started_at, made.finished_at,
       made.run_id AS made_for_run_id, a.path AS artifact_path, n.id AS environment_id,
       n.description AS environment, s.config, s.inputs
  FROM run_stage rs
  JOIN stage s ON s.key = rs.stage_key
  LEFT JOIN artifact a ON a.stage_key = s.key
  LEFT JOIN LATERAL (
       SELECT t.*
         FROM attempt t
        WHERE t.stage_key = s.key
        ORDER BY t.outcome IS NOT DISTINCT FROM 'DONE' DESC, t.attempt DESC
        LIMIT 1) made ON true
  LEFT JOIN environment n ON n.id = made.environment_id;

CREATE VIEW v_failure AS
SELECT rs.run_id, e.name AS experiment, r.name AS run, t.stage_key, s.kind AS stage, t.attempt,
       t.cause, t.message, t.host, t.started_at, t.finished_at, r.status AS run_status,
       t.run_id AS made_for_run_id
  FROM attempt t
  JOIN stage s ON s.key = t.stage_key
  JOIN run_stage rs ON rs.stage_key = t.stage_key
  JOIN run r ON r.id = rs.run_id
  JOIN experiment e ON e.id = r.experiment_id
 WHERE t.outcome = 'FAILED';

-- Dominated: somebody has at least the throughput at less loss, or more at no more loss. Two running
-- extremes say so in one pass each, where comparing all pairs would take the square of the runs.
CREATE VIEW v_pareto AS
SELECT experiment_id, experiment, run_id, run, parameters, valid_loss, prefill_length,
       decode_length, batch_size, precision, protocol, tokens_per_second,
       CASE WHEN valid_loss IS NOT NULL
            THEN max(tokens_per_second) OVER (shape ORDER BY valid_loss) > tokens_per_second
                 OR min(valid_loss) OVER (shape ORDER BY tokens_per_second DESC) < valid_loss
       END AS dominated,
       CASE WHEN valid_loss IS NOT NULL
            THEN max(tokens_per_second) OVER (batch ORDER BY valid_loss) > tokens_per_second
                 OR min(valid_loss) OVER (batch ORDER BY tokens_per_second DESC) < valid_loss
       END AS dominated_at_batch_size
  FROM (SELECT e.id AS experiment_id, e.name AS experiment, r.id AS run_id, r.name AS run,
               r.parameters, l.value AS valid_loss, g.prefill_length, g.decode_length,
               g.batch_size, g.precision, g.protocol, g.tokens_per_second
          FROM run r
          JOIN experiment e ON e.id = r.experiment_id
          JOIN run_stage measured ON measured.run_id = r.id
          JOIN generation g ON g.stage_key = measured.stage_key AND NOT g.oom
          LEFT JOIN (run_stage trained
                     JOIN metric_last l ON l.stage_key = trained.stage_key
                                       AND l.name = 'valid_loss')
               ON trained.run_id = r.id) point
WINDOW shape AS (PARTITION BY experiment_id, experiment, prefill_length, decode_length, precision,
                              protocol),
       batch AS (PARTITION BY experiment_id, experiment, prefill_length, decode_length, precision,
                              protocol, batch_size);

-- ------------------------------------------------------------------------------------ comments
COMMENT ON TABLE experiment IS 'What was asked for with one YAML file: a name and its runs.';
COMMENT ON COLUMN experiment.id IS 'The first 12 digits of the digest.';
COMMENT ON COLUMN experiment.name IS 'As the YAML gives it; experiments may share a name.';
COMMENT ON COLUMN experiment.digest IS 'SHA-256 of name and runs, in hexadecimal.';
COMMENT ON COLUMN experiment.config IS 'Name and seed.';
COMMENT ON COLUMN experiment.source IS 'The YAML, as it was read.';
COMMENT ON COLUMN experiment.created_at IS 'When it was first registered.';

COMMENT ON TABLE run IS 'One model trained, evaluated and measured in one way: a list of stages.';
COMMENT ON COLUMN run.id IS 'First 12 digits of the hash of experiment, name and last stage.';
COMMENT ON COLUMN run.experiment_id IS 'The experiment it belongs to.';
COMMENT ON COLUMN run.ordinal IS 'Place in its experiment, from 0.';
COMMENT ON COLUMN run.name IS 'Name within its experiment.';
COMMENT ON COLUMN run.model IS 'Name of the program of its architecture.';
COMMENT ON COLUMN run.parameters IS 'Number of trained parameters, embeddings among them.';
COMMENT ON COLUMN run.config IS 'Model, training recipe and seed, in canonical form.';
COMMENT ON COLUMN run.status IS
    'Where it stands. RUNNING or PAUSED stays when its process is killed; the command looks whether'
    ' it lives.';
COMMENT ON COLUMN run.cause IS
    'Why it failed: CONFIG, DATA, MEMORY, NUMERIC, INFRASTRUCTURE, CANCELLED or BUG; null where it'
    ' did not.';
COMMENT ON COLUMN run.message IS 'What went wrong and what to do, or how it ended; null for nothing.';
COMMENT ON COLUMN run.created_at IS 'When it was first registered.';
COMMENT ON COLUMN run.started_at IS 'When it was last begun or taken up again; null before.';
COMMENT ON COLUMN run.finished_at IS 'When it ended, well or not; null while it has not.';
COMMENT ON COLUMN run.wish IS 'What an operator wants of it; null for nothing.';
COMMENT ON COLUMN run.wished_at IS 'When that was wished; null without a wish.';
COMMENT ON COLUMN run.owner_id IS
    'The process that alone serves it (host/pid/start/worker); null where any worker may.';
COMMENT ON COLUMN run.timed IS
    'Whether times of its attempts were written down; false for runs of versions that did not.';
COMMENT ON COLUMN run.allow_inexact IS
    'Whether it may go on with another number of threads or kind of device than planned.';
COMMENT ON COLUMN run.point IS
    'The keys of a sweep and their values in this run; empty outside of sweeps.';

COMMENT ON TABLE stage IS
    'A piece of work, known by all that determines its result and shared by the runs that need it.';
COMMENT ON COLUMN stage.key IS
    'SHA-256 of kind, version, configuration without paths, and input keys, in hexadecimal.';
COMMENT ON COLUMN stage.kind IS
    'corpus, checksum_shards, unshard, checksum, tokenize, take, pretrain, evaluate, generation or'
    ' report.';
COMMENT ON COLUMN stage.version IS 'Rises when the same configuration gives other results.';
COMMENT ON COLUMN stage.config IS 'Its configuration, with places of files.';
COMMENT ON COLUMN stage.inputs IS 'Keys of the stages whose artifacts it reads, by what for.';
COMMENT ON COLUMN stage.status IS 'PENDING, RUNNING, DONE or FAILED.';
COMMENT ON COLUMN stage.owner_id IS
    'The worker that holds it (host/pid/start/worker); null while nobody does.';
COMMENT ON COLUMN stage.attempt IS 'Number of the latest attempt; 0 before the first.';
COMMENT ON COLUMN stage.lease_expires_at IS
    'Until when it is held without another sign of life; null while nobody holds it.';
COMMENT ON COLUMN stage.progress IS 'How far it is, in its own words; null before it said so.';
COMMENT ON COLUMN stage.result IS 'What it found, in its own words; null until it is done.';

COMMENT ON TABLE run_stage IS 'Which stages a run consists of.';
COMMENT ON COLUMN run_stage.run_id IS 'The run.';
COMMENT ON COLUMN run_stage.ordinal IS 'Place in the run, from 0.';
COMMENT ON COLUMN run_stage.stage_key IS 'The stage.';

COMMENT ON TABLE environment IS 'On what attempts ran: code, libraries, machine.';
COMMENT ON COLUMN environment.id IS 'First 16 digits of the SHA-256 of the description.';
COMMENT ON COLUMN environment.description IS
    'code_version, libtorch, cpu, cpu_capability, device, threads, java, os, arch, processors and'
    ' max_heap_bytes, all as text.';
COMMENT ON COLUMN environment.created_at IS 'When it was first seen.';

COMMENT ON TABLE attempt IS 'One try of one worker at a stage.';
COMMENT ON COLUMN attempt.stage_key IS 'The stage.';
COMMENT ON COLUMN attempt.attempt IS 'Number among the attempts at the stage, from 1.';
COMMENT ON COLUMN attempt.owner_id IS 'The worker (host/pid/start/worker).';
COMMENT ON COLUMN attempt.host IS 'Name of its host.';
COMMENT ON COLUMN attempt.pid IS 'Number of its process on that host.';
COMMENT ON COLUMN attempt.environment_id IS 'On what it ran; null where it did not say.';
COMMENT ON COLUMN attempt.started_at IS 'When it claimed the stage.';
COMMENT ON COLUMN attempt.finished_at IS
    'When it ended, or was found dead; null while it is at work.';
COMMENT ON COLUMN attempt.outcome IS
    'DONE, FAILED, or RELEASED: given back without a failure; null while it is at work.';
COMMENT ON COLUMN attempt.cause IS 'Why it failed or gave back; null otherwise.';
COMMENT ON COLUMN attempt.message IS 'What, where, why and what to do; null where it is done.';
COMMENT ON COLUMN attempt.run_id IS
    'The run it was made for, where several share the stage; null where it did not say.';

COMMENT ON TABLE artifact IS 'What a stage left on disk.';
COMMENT ON COLUMN artifact.stage_key IS 'The stage.';
COMMENT ON COLUMN artifact.kind IS 'Kind of the stage.';
COMMENT ON COLUMN artifact.digest IS 'SHA-256 of its manifest, which has those of its files.';
COMMENT ON COLUMN artifact.bytes IS 'Bytes of its files.';
COMMENT ON COLUMN artifact.path IS 'Folder, from the home.';
COMMENT ON COLUMN artifact.created_at IS 'When it was recorded.';

COMMENT ON TABLE metric IS
    'What training said after optimizer steps. Losses are nats a predicted token.';
COMMENT ON COLUMN metric.stage_key IS 'The training.';
COMMENT ON COLUMN metric.name IS
    'train_loss, valid_loss, learning_rate, gradient_norm, tokens_per_second, mfu (share),'
    ' resident_bytes, peak_resident_bytes, save_stall_seconds, loss_by_position/N (N from 1) and'
    ' others.';
COMMENT ON COLUMN metric.step IS 'Optimizer steps done.';
COMMENT ON COLUMN metric.value IS 'Its value after that step; may be NaN or infinite.';

COMMENT ON TABLE metric_last IS 'Of each metric the point with the greatest step; kept by triggers.';
COMMENT ON COLUMN metric_last.stage_key IS 'The training.';
COMMENT ON COLUMN metric_last.name IS 'Name of the metric.';
COMMENT ON COLUMN metric_last.step IS 'The greatest step of which the metric has a value.';
COMMENT ON COLUMN metric_last.value IS 'Its value after that step.';

COMMENT ON TABLE checkpoint IS 'Saved states of a training, those no longer there among them.';
COMMENT ON COLUMN checkpoint.stage_key IS 'The training.';
COMMENT ON COLUMN checkpoint.step IS 'Optimizer steps done.';
COMMENT ON COLUMN checkpoint.consumed_samples IS 'Samples consumed, from the first step on.';
COMMENT ON COLUMN checkpoint.sha256 IS 'Digest of weights, moments and position.';
COMMENT ON COLUMN checkpoint.path IS 'Folder, from the home.';
COMMENT ON COLUMN checkpoint.bytes IS 'Bytes of its files.';
COMMENT ON COLUMN checkpoint.created_at IS 'When it was first recorded.';
COMMENT ON COLUMN checkpoint.parent_sha256 IS
    'Digest of the checkpoint that the training went on from; null after the initial weights.';
COMMENT ON COLUMN checkpoint.removed_at IS 'Since when it is no longer there; null while it is.';
COMMENT ON COLUMN checkpoint.removed_because IS 'Why it is not; null while it is there.';

COMMENT ON TABLE finding IS
    'What turned out other than it should be; it never replaces what was stored first.';
COMMENT ON COLUMN finding.id IS 'Number in order of time.';
COMMENT ON COLUMN finding.stage_key IS 'The stage.';
COMMENT ON COLUMN finding.attempt IS 'The attempt that found it.';
COMMENT ON COLUMN finding.subject IS
    'About what: inexact for another number of threads, kind of device or libraries; metric for a'
    ' value that came out different; and others.';
COMMENT ON COLUMN finding.message IS 'What it is.';
COMMENT ON COLUMN finding.created_at IS 'When it was found.';
COMMENT ON COLUMN finding.note IS 'True for what was put right and is no reason for doubt.';

COMMENT ON COLUMN attempt_segment.stage_key IS 'The stage.';
COMMENT ON COLUMN attempt_segment.attempt IS 'The attempt.';
COMMENT ON COLUMN attempt_segment.ordinal IS 'Place in the attempt, from 0.';
COMMENT ON COLUMN run_rest.run_id IS 'The run.';
COMMENT ON COLUMN run_rest.began_at IS 'When it was done.';
COMMENT ON COLUMN run_rest.ended_at IS 'When it was taken up again.';

COMMENT ON TABLE skipped_range IS
    'Samples that a training passed over because a step was not as it should be.';
COMMENT ON COLUMN skipped_range.stage_key IS 'The training.';
COMMENT ON COLUMN skipped_range.first_sample IS 'Position of the first one, from 0.';
COMMENT ON COLUMN skipped_range.samples IS 'How many.';
COMMENT ON COLUMN skipped_range.action IS
    'SKIP: the samples of one step, whose update was left out. REWIND: all between the step gone'
    ' back to and the end of the step that went wrong.';
COMMENT ON COLUMN skipped_range.reason IS 'What was wrong with the loss or the gradient norm.';
COMMENT ON COLUMN skipped_range.step IS 'Optimizer steps done where the range begins.';
COMMENT ON COLUMN skipped_range.failed_step IS 'The step that went wrong, from 1.';
COMMENT ON COLUMN skipped_range.value IS 'The loss (nats a token) or gradient norm that was wrong.';
COMMENT ON COLUMN skipped_range.attempt IS 'The attempt that passed over it.';
COMMENT ON COLUMN skipped_range.created_at IS 'When it did.';

COMMENT ON TABLE evaluation IS 'Zero-shot scores, of as many checkpoints as were evaluated.';
COMMENT ON COLUMN evaluation.stage_key IS 'The evaluation.';
COMMENT ON COLUMN evaluation.task IS 'Name of the task.';
COMMENT ON COLUMN evaluation.metric IS 'Name of the metric, such as acc or perplexity.';
COMMENT ON COLUMN evaluation.value IS
    'The score: a share from 0 to 1 for accuracies, else in the unit of the metric.';
COMMENT ON COLUMN evaluation.stderr IS 'Its standard error; null where the metric has none.';
COMMENT ON COLUMN evaluation.n IS 'Number of documents.';
COMMENT ON COLUMN evaluation.step IS
    'Optimizer steps of the checkpoint; 0 in rows of versions that knew only the last one.';
COMMENT ON COLUMN evaluation.version IS
    'Version of the task; empty in rows of versions that did not say.';

COMMENT ON TABLE evaluation_document IS 'The answer to each document of a task.';
COMMENT ON COLUMN evaluation_document.stage_key IS 'The evaluation.';
COMMENT ON COLUMN evaluation_document.step IS 'Optimizer steps of the checkpoint.';
COMMENT ON COLUMN evaluation_document.task IS 'Name of the task.';
COMMENT ON COLUMN evaluation_document.document IS 'Number of the document, from 0.';
COMMENT ON COLUMN evaluation_document.log_likelihoods IS
    'Log-probability of each continuation asked for, in nats.';
COMMENT ON COLUMN evaluation_document.greedy IS
    'Whether each continuation is of the model''s first choices alone.';

COMMENT ON TABLE generation IS 'Measured generation: shapes, rates and peak memory.';
COMMENT ON COLUMN generation.stage_key IS 'The measurement.';
COMMENT ON COLUMN generation.prefill_length IS 'Tokens of each prompt.';
COMMENT ON COLUMN generation.decode_length IS 'New tokens after each prompt.';
COMMENT ON COLUMN generation.batch_size IS 'Prompts at a time.';
COMMENT ON COLUMN generation.protocol IS 'How keys and values are kept: optimised or reference-like.';
COMMENT ON COLUMN generation.precision IS 'Number format of weights and arithmetic.';
COMMENT ON COLUMN generation.tokens_per_second IS
    'New tokens a second, over all prompts; 0 where memory did not suffice.';
COMMENT ON COLUMN generation.max_memory_bytes IS
    'Peak memory while measuring; 0 where memory did not suffice.';
COMMENT ON COLUMN generation.milliseconds IS 'Time of each repetition.';
COMMENT ON COLUMN generation.oom IS 'Whether memory did not suffice.';
COMMENT ON COLUMN generation.floor_milliseconds IS
    'What its FLOPs and bytes need at the measured rates of the machine; 0 where not known.';
COMMENT ON COLUMN generation.conditions IS
    'Machine, device, threads, load and measured rates, by name, all as text.';

COMMENT ON COLUMN sweep.experiment_id IS 'The experiment that is a sweep.';
COMMENT ON COLUMN sweep.state IS 'Where the sweep stands as a whole.';
COMMENT ON COLUMN sweep.started_at IS 'When it was last begun or taken up again; null before.';
COMMENT ON COLUMN sweep.finished_at IS 'When it ended, well or not; null while it has not.';

COMMENT ON COLUMN asha.experiment_id IS 'The sweep.';
COMMENT ON COLUMN asha.smaller_is_better IS 'Whether the run with the smaller value is the better one.';
COMMENT ON COLUMN asha.created_at IS 'When the sweep was set up.';
COMMENT ON COLUMN asha_rung.experiment_id IS 'The sweep.';
COMMENT ON COLUMN asha_rung.rung IS 'Number of the rung, from 0.';
COMMENT ON COLUMN asha_rung.step IS 'Optimizer steps at which it is.';
COMMENT ON COLUMN asha_trial.experiment_id IS 'The sweep.';
COMMENT ON COLUMN asha_trial.trial IS 'Place of the run among those that begin, from 0.';
COMMENT ON COLUMN asha_trial.run_id IS 'The run.';
COMMENT ON COLUMN asha_decision.experiment_id IS 'The sweep.';
COMMENT ON COLUMN asha_decision.decision IS 'Number of the decision, from 1.';
COMMENT ON COLUMN asha_decision.trial IS 'The run, by its place.';
COMMENT ON COLUMN asha_decision.rung IS 'The rung it was sent to.';
COMMENT ON COLUMN asha_decision.reason IS 'Why it was.';
COMMENT ON COLUMN asha_decision.decided_at IS 'When it was decided.';
COMMENT ON COLUMN asha_result.experiment_id IS 'The sweep.';
COMMENT ON COLUMN asha_result.arrival IS 'Number in the order of arrival, from 1.';
COMMENT ON COLUMN asha_result.trial IS 'The run, by its place.';
COMMENT ON COLUMN asha_result.rung IS 'The rung it came to.';
COMMENT ON COLUMN asha_result.recorded_at IS 'When it was recorded.';
COMMENT ON COLUMN v_asha.experiment_id IS 'The sweep.';
COMMENT ON COLUMN v_asha.run IS 'Name of the run.';
COMMENT ON COLUMN v_asha.arrival IS
    'Place of its result in the order of arrival; null until the run has come to the rung.';
COMMENT ON COLUMN v_asha.recorded_at IS
    'When its result was recorded; null until the run has come to the rung.';

COMMENT ON VIEW v_run IS 'A line a run, with its experiment and how far its stages are.';
COMMENT ON COLUMN v_run.experiment_id IS 'Id of its experiment.';
COMMENT ON COLUMN v_run.experiment IS 'Name of its experiment.';
COMMENT ON COLUMN v_run.run IS 'Its name within the experiment.';
COMMENT ON COLUMN v_run.stages_done IS 'How many of its stages are done.';
COMMENT ON COLUMN v_run.stages_total IS 'How many stages it has.';
COMMENT ON COLUMN v_run.seed IS 'Of initial weights and of the order of samples; null if not given.';

COMMENT ON VIEW v_metric_last IS 'The last value of each metric of a run''s training.';
COMMENT ON VIEW v_curve IS 'Every point of every metric of a run''s training.';
COMMENT ON VIEW v_curve_thin IS
    'Curves to look at: the steps of each metric in at most 500 equal parts, a line a part.';
COMMENT ON COLUMN v_curve_thin.step IS 'The last step of the part.';
COMMENT ON COLUMN v_curve_thin.value IS 'Mean over the part.';
COMMENT ON COLUMN v_curve_thin.lowest IS 'Least value of the part.';
COMMENT ON COLUMN v_curve_thin.highest IS 'Greatest value of the part.';
COMMENT ON COLUMN v_curve_thin.points IS 'Number of points of the part.';
COMMENT ON VIEW v_checkpoint_last IS 'The newest checkpoint of a run that is there.';
COMMENT ON VIEW v_eval IS
    'Zero-shot scores of a run: of each task and metric that of the latest checkpoint it was evaluated'
    ' on.';
COMMENT ON VIEW v_eval_curve IS 'Zero-shot scores of all evaluated checkpoints of a run.';
COMMENT ON VIEW v_generation IS 'Measured generation of a run.';
COMMENT ON VIEW v_skipped_range IS 'Samples that a run''s training passed over.';
COMMENT ON VIEW v_inexact IS
    'Why a run''s results are not, to the last bit, those that were planned; no line where they are.';

COMMENT ON COLUMN v_attempt_time.run_id IS 'The run that the attempt was made for.';
COMMENT ON COLUMN v_attempt_time.stage IS 'Kind of the stage.';
COMMENT ON COLUMN v_attempt_time.kind IS 'useful, redone, saving or failed; docs/goodput.md.';
COMMENT ON COLUMN v_attempt_time.began_at IS 'When the stretch began.';
COMMENT ON COLUMN v_attempt_time.ended_at IS 'When the stretch ended.';

COMMENT ON VIEW v_lineage IS
    'What a run''s results rest on: each stage with its artifact and the attempt that made it.';
COMMENT ON COLUMN v_lineage.stage IS 'Kind of the stage.';
COMMENT ON COLUMN v_lineage.input_keys IS 'Keys of the stages whose artifacts it reads.';
COMMENT ON COLUMN v_lineage.artifact_digest IS
    'SHA-256 of the manifest of its artifact; null until it is done.';
COMMENT ON COLUMN v_lineage.artifact_bytes IS 'Bytes of its artifact; null until it is done.';
COMMENT ON COLUMN v_lineage.code_version IS
    'Version and commit of the code that made it, .changed after it where sources differed; null'
    ' before an attempt, or where it did not say.';
COMMENT ON COLUMN v_lineage.machine IS
    'Processor, kind of device and threads of that attempt; empty where it did not say.';
COMMENT ON COLUMN v_lineage.host IS 'Name of its host; null before an attempt.';
COMMENT ON COLUMN v_lineage.seed IS 'Seed of the stage; null where its kind has none.';
COMMENT ON COLUMN v_lineage.status IS 'PENDING, RUNNING, DONE or FAILED.';
COMMENT ON COLUMN v_lineage.attempt IS
    'The attempt that made it; until then the latest one; null before the first.';
COMMENT ON COLUMN v_lineage.started_at IS 'When that attempt began; null before the first.';
COMMENT ON COLUMN v_lineage.finished_at IS 'When that attempt ended; null while it is at work.';
COMMENT ON COLUMN v_lineage.made_for_run_id IS
    'The run that attempt was made for: another one where the stage is shared; null where it did not'
    ' say.';
COMMENT ON COLUMN v_lineage.artifact_path IS
    'Folder of its artifact, from the home; null until it is done.';
COMMENT ON COLUMN v_lineage.environment_id IS 'On what that attempt ran; null where it did not say.';
COMMENT ON COLUMN v_lineage.environment IS 'The description of it; null where there is none.';

COMMENT ON VIEW v_failure IS
    'What failed and why: a line a failed attempt and run that needs its stage. A run that failed'
    ' without an attempt has its cause and message in v_run.';
COMMENT ON COLUMN v_failure.experiment IS 'Name of the run''s experiment.';
COMMENT ON COLUMN v_failure.run IS 'Its name within the experiment.';
COMMENT ON COLUMN v_failure.stage IS 'Kind of the stage.';
COMMENT ON COLUMN v_failure.cause IS
    'CONFIG, DATA, MEMORY, NUMERIC, INFRASTRUCTURE, CANCELLED or BUG.';
COMMENT ON COLUMN v_failure.message IS 'What, where, why and what to do.';
COMMENT ON COLUMN v_failure.host IS 'Where the attempt ran.';
COMMENT ON COLUMN v_failure.run_status IS
    'Where the run stands now: a failed attempt may have been made good since.';
COMMENT ON COLUMN v_failure.made_for_run_id IS
    'The run that the attempt was made for: another one where the stage is shared; null where it did'
    ' not say.';

COMMENT ON VIEW v_pareto IS
    'Loss against throughput within an experiment: which measurements no other one beats. Batches'
    ' that did not fit are left out.';
COMMENT ON COLUMN v_pareto.experiment_id IS 'Id of the experiment.';
COMMENT ON COLUMN v_pareto.experiment IS 'Name of the experiment.';
COMMENT ON COLUMN v_pareto.run IS 'Name of the run within it.';
COMMENT ON COLUMN v_pareto.valid_loss IS
    'The run''s last held-out loss, in nats a predicted token; null where there is none.';
COMMENT ON COLUMN v_pareto.dominated IS
    'Whether a measurement of the same lengths, precision and protocol, at whatever batch size, has'
    ' no more loss and no less throughput, and one of the two better; null without a loss.';
COMMENT ON COLUMN v_pareto.dominated_at_batch_size IS
    'The same among measurements of the same batch size.';

-- A view's column that is a table's means the same.
DO $$
DECLARE
    same record;
BEGIN
    FOR same IN
        SELECT DISTINCT ON (of_view.attrelid, of_view.attnum)
               of_view.attrelid::regclass AS place, of_view.attname AS name,
               col_description(of_table.attrelid, of_table.attnum) AS meaning
          FROM (VALUES ('v_run', 'run', 1), ('v_metric_last', 'metric_last', 1),
                       ('v_curve', 'metric', 1), ('v_curve_thin', 'metric', 1),
                       ('v_checkpoint_last', 'checkpoint', 1), ('v_eval', 'evaluation', 1),
                       ('v_eval_curve', 'evaluation', 1), ('v_generation', 'generation', 1),
                       ('v_skipped_range', 'skipped_range', 1), ('v_inexact', 'finding', 1),
                       ('v_attempt_time', 'attempt_segment', 1), ('v_lineage', 'stage', 1),
                       ('v_failure', 'attempt', 1), ('v_pareto', 'generation', 1),
                       ('v_pareto', 'run', 2), ('v_goodput', 'run_stage', 1),
                       ('v_lineage', 'run_stage', 2), ('v_asha', 'asha_decision', 1),
                       ('v_asha', 'asha', 1)) AS kin (of_view, of_table, rank)
          JOIN pg_attribute of_view ON of_view.attrelid = kin.of_view::regclass
                                   AND of_view.attnum > 0
          JOIN pg_attribute of_table ON of_table.attrelid = kin.of_table::regclass
                                    AND of_table.attname = of_view.attname
         WHERE col_description(of_view.attrelid, of_view.attnum) IS NULL
           AND of_view.attname <> 'run_id'
         ORDER BY of_view.attrelid, of_view.attnum, kin.rank
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', same.place, same.name, same.meaning);
    END LOOP;
    FOR same IN
        SELECT attrelid::regclass AS place
          FROM pg_attribute
          JOIN pg_class ON pg_class.oid = attrelid AND relkind = 'v'
         WHERE relnamespace = current_schema()::regnamespace AND starts_with(relname, 'v_')
           AND attname = 'run_id' AND col_description(attrelid, attnum) IS NULL
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.run_id IS %L', same.place, 'The run.');
    END LOOP;
END
$$;
COMMENT ON COLUMN v_lineage.stage_key IS 'The stage.';
COMMENT ON COLUMN v_run.run_id IS 'Its id.';

COMMENT ON FUNCTION seconds_in(tstzmultirange) IS 'Length of ranges of time, in seconds.';
COMMENT ON FUNCTION keep_metric_last() IS 'Keeps metric_last in line with metric.';

-- ---------------------------------------------------------------------------------------- reader
-- Roles belong to the server, not to a database, and not everybody may make them. So this can be
-- called again, by the owner of the tables, after somebody else has made the role.
CREATE FUNCTION grant_reader() RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    place regnamespace := current_schema()::regnamespace;
    mine  regclass;
BEGIN
    -- One after the other: two that grant on one table at once fail.
    PERFORM pg_advisory_xact_lock(hashtextextended('pawl_reader', 0));
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pawl_reader') THEN
        BEGIN
            CREATE ROLE pawl_reader NOLOGIN;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN
                NULL; -- Another database of the server was faster.
            WHEN insufficient_privilege THEN
                RETURN format('%I may not create roles: let somebody who may run CREATE ROLE'
                              ' pawl_reader, then SELECT grant_reader() as %I',
                              current_user, current_user);
        END;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %s TO pawl_reader', place);
    FOR mine IN
        SELECT oid
          FROM pg_class
         WHERE relnamespace = place AND relkind IN ('r', 'v', 'p', 'm')
           AND pg_has_role(relowner, 'USAGE')
           AND NOT has_table_privilege('pawl_reader', oid, 'SELECT')
    LOOP
        EXECUTE format('GRANT SELECT ON %s TO pawl_reader', mine);
    END LOOP;
    EXECUTE format(
        'ALTER DEFAULT PRIVILEGES IN SCHEMA %s GRANT SELECT ON TABLES TO pawl_reader', place);
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION grant_reader() FROM PUBLIC;
COMMENT ON FUNCTION grant_reader() IS
    'Makes the role pawl_reader, which may read every table and view and change none; says what is in'
    ' the way, or null.';
SELECT grant_reader();
