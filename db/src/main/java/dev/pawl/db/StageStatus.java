package dev.pawl.db;

/** Where a stage stands. */
public enum StageStatus {
  PENDING,
  RUNNING,
  DONE,
  FAILED
}
