package dev.pawl.workflows;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Runs the runs of an experiment, some at a time; a failed run does not stop the others.
 *
 * <p>Start it under {@link WorkflowIds#experiment} with the conflict policy USE_EXISTING: a second
 * start then attaches to the first, and one after the end reuses every finished stage.
 */
@WorkflowInterface
public interface ExperimentWorkflow {
  @WorkflowMethod
  ExperimentEnd run(ExperimentRequest request);
}
