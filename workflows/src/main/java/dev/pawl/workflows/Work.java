package dev.pawl.workflows;

/** Kinds of work that wait on queues of their own. */
public enum Work {
  /** Order and waiting, and the rows of runs. */
  WORKFLOWS,
  /** Stages that read and write files. */
  DATA,
  /** Stages that compute with a model. */
  DEVICE
}
