package dev.pawl.workflows;

import dev.pawl.activities.RunActivities;
import dev.pawl.activities.RunEnd;
import io.temporal.workflow.Workflow;

/** A run led otherwise than by the release that recorded its history. */
final class ChangedRuns {
  private ChangedRuns() {}

  /** Does not say that the run has begun. */
  public static final class DroppedBeginning implements RunWorkflow {
    @Override
    public RunEnd run(RunOrder order) {
      RunEnd end = RunEnd.done(order.run().runId());
      Activities.runs().runFinished(end);
      return end;
    }
  }

  /** Says twice that the run has begun. */
  public static final class UnguardedChange implements RunWorkflow {
    private final RunActivities runs = Activities.runs();
    private final RunWorkflow before = new RunWorkflowImpl();

    @Override
    public RunEnd run(RunOrder order) {
      runs.runStarted(order.run().runId());
      return before.run(order);
    }
  }

  /**
   * The same, where it began with this change in place: a run that is under way goes on without.
   */
  public static final class GuardedChange implements RunWorkflow {
    private final RunActivities runs = Activities.runs();
    private final RunWorkflow before = new RunWorkflowImpl();

    @Override
    public RunEnd run(RunOrder order) {
      int version = Workflow.getVersion("say it twice", Workflow.DEFAULT_VERSION, 1);
      if (version >= 1) {
        runs.runStarted(order.run().runId());
      }
      return before.run(order);
    }
  }
}
