package dev.pawl.experiments;

/** What to do when a task's file is not there. */
public enum IfMissing {
  /** Refuse the experiment. */
  FAIL,
  /** Leave the task out, and say so. */
  SKIP
}
