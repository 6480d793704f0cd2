package dev.pawl.activities.protocol;

import java.util.Locale;

/** How an attempt that held its stage ended. */
public enum AttemptEnd {
  /** The artifact is there and recorded. */
  DONE,
  /** It failed; the cause is in the record. */
  FAILED,
  /** Another worker took the stage over while this one was not heard of. */
  LOST,
  /** It was stopped, paused or cancelled and gave the stage back. */
  RELEASED,
  /** It came as far as it was asked to, and gave the stage back. */
  RESTED;

  /** The name for labels: lower-case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
