package dev.pawl.workflows;

/** Names of workflows: the same work always has the same name. */
public final class WorkflowIds {
  private WorkflowIds() {}

  public static String experiment(String experimentId) {
    return "experiment-" + experimentId;
  }

  public static String run(String runId) {
    return "run-" + runId;
  }
}
