package dev.pawl.activities;

/** The ways in which a run ends. */
public enum RunOutcome {
  DONE,
  FAILED,
  STOPPED,
  CANCELLED
}
