package dev.pawl.workflows;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Leads the runs of a sweep from rung to rung, as early stopping decides, some at a time. What is
 * decided is in the record before it is done, so another one goes on where this one was.
 *
 * <p>Start it under {@link WorkflowIds#experiment} with the conflict policy USE_EXISTING.
 */
@WorkflowInterface
public interface EarlyStoppingWorkflow {
  @WorkflowMethod
  SweepEnd lead(EarlyStoppingRequest request);
}
