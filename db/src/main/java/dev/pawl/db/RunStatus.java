package dev.pawl.db;

/** Where a run stands. */
public enum RunStatus {
  QUEUED,
  RUNNING,
  DONE,
  FAILED,
  CANCELLED
}
