package dev.pawl.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.db.StageRow;
import dev.pawl.experiments.plan.Machine;
import dev.pawl.experiments.plan.PlannedStage;
import dev.pawl.workflows.RunRequest;
import dev.pawl.workflows.StageStep;
import java.util.List;

/** Runs and their stages as their workflow knows them. */
final class Steps {
  private Steps() {}

  /**
   * A run whose stages wait for workers that compute as they were planned.
   *
   * @param inexact whether it may be computed by any worker
   */
  static RunRequest run(String runId, List<PlannedStage> stages, boolean inexact) {
    return new RunRequest(runId, stages.stream().map(stage -> step(stage, inexact)).toList());
  }

  /** The same with stages as the record has them. */
  static RunRequest recorded(String runId, List<StageRow> stages, boolean inexact) {
    return run(runId, stages.stream().map(Steps::planned).toList(), inexact);
  }

  private static PlannedStage planned(StageRow row) {
    return new PlannedStage(row.kind(), row.version(), row.key(), row.configJson(), row.inputs());
  }

  private static StageStep step(PlannedStage stage, boolean inexact) {
    StageStep step = StageStep.of(stage.kind(), stage.key(), stage.inputs().values());
    JsonNode config = StoredJson.tree(stage.configJson());
    String device = config.path("deviceKind").asText();
    return inexact || device.isEmpty()
        ? step
        : step.on(new Machine(device, config.path("threads").asInt()).id());
  }
}
