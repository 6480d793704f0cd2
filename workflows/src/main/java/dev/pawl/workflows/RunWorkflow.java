package dev.pawl.workflows;

import dev.pawl.activities.RunEnd;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Leads one run through its stages, each as soon as its inputs are done.
 *
 * <p>Fails, after it has recorded the end of the run, with an application failure whose type is the
 * name of the failure cause.
 */
@WorkflowInterface
public interface RunWorkflow {
  @WorkflowMethod
  RunEnd run(RunOrder order);
}
