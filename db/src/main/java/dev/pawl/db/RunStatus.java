package dev.pawl.db;

/** Where a run stands. */
public enum RunStatus {
  QUEUED,
  RUNNING,
  PAUSED,
  DONE,
  FAILED,
  STOPPED,
  CANCELLED,
  /** Ended by early stopping, before its last step: as it should be. */
  STOPPED_EARLY
}
