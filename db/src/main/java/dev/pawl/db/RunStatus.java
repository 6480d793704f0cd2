package dev.pawl.db;

/** Where a run stands. */
public enum RunStatus {
  QUEUED,
  RUNNING,
  PAUSED,
  DONE,
  FAILED,
  STOPPED,
  CANCELLED
}
