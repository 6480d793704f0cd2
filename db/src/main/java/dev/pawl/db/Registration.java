package dev.pawl.db;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Writes what was asked for into the record, in batches: a sweep may have thousands of runs. */
final class Registration {
  private Registration() {}

  static void write(Handle handle, NewExperiment experiment) {
    handle
        .createUpdate(
            """
            INSERT INTO experiment (id, name, digest, config, source)
            VALUES (:id, :name, :digest, :config::jsonb, :source)
            ON CONFLICT (id) DO NOTHING""")
        .bind("id", experiment.id())
        .bind("name", experiment.name())
        .bind("digest", experiment.digest())
        .bind("config", experiment.configJson())
        .bind("source", experiment.source())
        .execute();
    runs(handle, experiment);
    stages(handle, experiment.runs());
    stagesOfRuns(handle, experiment.runs());
    experiment.sweep().ifPresent(sweep -> sweep(handle, experiment, sweep));
  }

  // A run that an earlier version of the experiment had too is one of this version now.
  private static void runs(Handle handle, NewExperiment experiment) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO run (id, experiment_id, ordinal, name, model, parameters, config, point)
            VALUES (:id, :experiment, :ordinal, :name, :model, :parameters, :config::jsonb,
                    :point::jsonb)
            ON CONFLICT (id) DO UPDATE
               SET experiment_id = excluded.experiment_id, ordinal = excluded.ordinal
             WHERE (run.experiment_id, run.ordinal)
                   IS DISTINCT FROM (excluded.experiment_id, excluded.ordinal)""");
    int ordinal = 0;
    for (NewRun run : experiment.runs()) {
      batch
          .bind("id", run.id())
          .bind("experiment", experiment.id())
          .bind("ordinal", ordinal++)
          .bind("name", run.name())
          .bind("model", run.model())
          .bind("parameters", run.parameters())
          .bind("config", run.configJson())
          .bind("point", run.pointJson())
          .add();
    }
    execute(batch);
  }

  private static void stages(Handle handle, List<NewRun> runs) {
    Map<String, NewStage> stages = new LinkedHashMap<>();
    runs.forEach(run -> run.stages().forEach(stage -> stages.putIfAbsent(stage.key(), stage)));
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO stage (key, kind, version, config, inputs)
            VALUES (:key, :kind, :version, :config::jsonb, :inputs::jsonb)
            ON CONFLICT (key) DO UPDATE SET config = excluded.config
             WHERE stage.config IS DISTINCT FROM excluded.config""");
    for (NewStage stage : stages.values()) {
      batch
          .bind("key", stage.key())
          .bind("kind", stage.kind())
          .bind("version", stage.version())
          .bind("config", stage.configJson())
          .bind("inputs", Json.write(stage.inputs()))
          .add();
    }
    execute(batch);
  }

  private static void stagesOfRuns(Handle handle, List<NewRun> runs) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO run_stage (run_id, ordinal, stage_key) VALUES (:run, :ordinal, :key)
            ON CONFLICT (run_id, ordinal) DO UPDATE SET stage_key = excluded.stage_key
             WHERE run_stage.stage_key <> excluded.stage_key""");
    for (NewRun run : runs) {
      int position = 0;
      for (NewStage stage : run.stages()) {
        batch.bind("run", run.id()).bind("ordinal", position++).bind("key", stage.key()).add();
      }
    }
    execute(batch);
  }

  private static void sweep(Handle handle, NewExperiment experiment, NewSweep sweep) {
    handle
        .createUpdate(
            """
            INSERT INTO sweep (experiment_id, max_in_flight, priority, stop_after, configuration)
            VALUES (:id, :flight, :priority, :stop, :configuration::jsonb)
            ON CONFLICT (experiment_id) DO UPDATE
               SET max_in_flight = :flight, priority = :priority, stop_after = :stop,
                   configuration = :configuration::jsonb, superseded_by = NULL""")
        .bind("id", experiment.id())
        .bind("flight", sweep.maxInFlight())
        .bind("priority", sweep.priority())
        .bind("stop", sweep.stopAfter())
        .bind("configuration", sweep.configurationJson())
        .execute();
    handle
        .createUpdate(
            """
            UPDATE sweep SET superseded_by = :id
             WHERE experiment_id <> :id
               AND experiment_id IN (SELECT e.id FROM experiment e WHERE e.name = :name)""")
        .bind("id", experiment.id())
        .bind("name", experiment.name())
        .execute();
  }

  private static void execute(PreparedBatch batch) {
    if (batch.size() > 0) {
      batch.execute();
    }
  }
}
