package dev.pawl.activities.protocol;

import java.util.Locale;

/** What the time of a worker went into. */
public enum TimeUse {
  /** An attempt worked; whether it was in vain shows later. */
  WORK,
  /** The work stood still while something was saved. */
  SAVING,
  /** A stage waited for the worker, from when it was due to its claim. */
  WAITING,
  /** Work of earlier attempts that turned out to be in vain: it is done again. */
  LOST;

  /** The name for labels: lower-case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
