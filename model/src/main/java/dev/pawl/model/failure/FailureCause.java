package dev.pawl.model.failure;

/** The closed set of reasons for which an attempt ends without a result. */
public enum FailureCause {
  /** The request itself is wrong; only a changed request can succeed. */
  CONFIG,
  /** A file is missing, damaged or not what its digest says. */
  DATA,
  /** Memory of the device or the process ran out. */
  MEMORY,
  /** A loss or a gradient is not finite. */
  NUMERIC,
  /** Disk, network, database or scheduler failed; the same attempt may succeed later. */
  INFRASTRUCTURE,
  /** Somebody asked for it to end. */
  CANCELLED,
  /** Pawl itself is wrong. */
  BUG;

  /** Whether the same attempt, unchanged, may succeed later. */
  public boolean retryable() {
    return this == INFRASTRUCTURE;
  }
}
