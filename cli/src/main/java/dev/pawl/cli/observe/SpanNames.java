package dev.pawl.cli.observe;

import dev.pawl.workflows.WorkflowIds;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;

/** What spans say of the experiment, the run and the workflow that they are about. */
final class SpanNames {
  static final String EXPERIMENT = "pawl.experiment.id";
  static final String RUN = "pawl.run.id";

  /** As Temporal's own SDKs call it. */
  private static final String WORKFLOW = "temporalWorkflowID";

  private SpanNames() {}

  /** What the id of a workflow tells. */
  static Attributes of(String workflowId) {
    AttributesBuilder attributes = Attributes.builder().put(WORKFLOW, workflowId);
    String run = WorkflowIds.run("");
    String experiment = WorkflowIds.experiment("");
    if (workflowId.startsWith(run)) {
      attributes.put(RUN, workflowId.substring(run.length()));
    } else if (workflowId.startsWith(experiment)) {
      attributes.put(EXPERIMENT, workflowId.substring(experiment.length()));
    }
    return attributes.build();
  }
}
