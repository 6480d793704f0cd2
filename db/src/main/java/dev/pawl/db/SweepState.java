package dev.pawl.db;

/** Where a sweep as a whole stands. */
public enum SweepState {
  QUEUED,
  RUNNING,
  DONE,
  FAILED,
  STOPPED,
  CANCELLED
}
