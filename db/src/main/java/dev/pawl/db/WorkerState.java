package dev.pawl.db;

/** Where a worker stands. */
public enum WorkerState {
  ALIVE,
  /** It was asked to end: it saves what it has and takes on nothing more. */
  STOPPING,
  /** It ended in good order. */
  STOPPED,
  /** It was not heard of for a while, and did not say that it ends. */
  GONE
}
