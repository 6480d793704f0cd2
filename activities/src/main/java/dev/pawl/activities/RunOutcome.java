package dev.pawl.activities;

/** The ways in which a run ends. */
public enum RunOutcome {
  DONE,
  FAILED,
  STOPPED,
  CANCELLED,
  /** It has come to a rung of its sweep and has not ended: it may be sent on. */
  RESTING
}
