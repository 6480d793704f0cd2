package dev.pawl.workflows;

import java.util.List;
import java.util.Objects;

/**
 * Asks for one run.
 *
 * @param runId the run
 * @param stages its stages; each is listed after those whose artifacts it reads
 */
public record RunRequest(String runId, List<StageStep> stages) {
  public RunRequest {
    Objects.requireNonNull(runId, "runId");
    stages = List.copyOf(stages);
  }
}
