package dev.pawl.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.experiments.plan.Machine;
import dev.pawl.workflows.StageStep;
import java.util.Collection;

/** Stages as their workflow knows them. */
final class Steps {
  private Steps() {}

  /**
   * A stage that waits for a worker that computes as it was planned.
   *
   * @param inputs keys of the stages whose artifacts it reads
   * @param inexact whether its run may be computed by any worker
   */
  static StageStep of(
      String kind, String key, Collection<String> inputs, String configJson, boolean inexact) {
    StageStep step = StageStep.of(kind, key, inputs);
    JsonNode config = StoredJson.tree(configJson);
    String device = config.path("deviceKind").asText();
    return inexact || device.isEmpty()
        ? step
        : step.on(new Machine(device, config.path("threads").asInt()).id());
  }
}
