package dev.pawl.workflows;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Runs the runs of a sweep, some at a time, whatever their number: it reads them from the record a
 * page at a time and continues as new after each page, so that no history grows with them.
 *
 * <p>Start it under {@link WorkflowIds#experiment} with the conflict policy USE_EXISTING.
 */
@WorkflowInterface
public interface SweepWorkflow {
  @WorkflowMethod
  SweepEnd run(SweepRequest request);
}
