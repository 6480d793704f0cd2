package dev.pawl.activities.verify;

/** What a check came to. */
public enum Verdict {
  /** It is what was computed. */
  OK,
  /** It is what was computed, but under conditions that another computation would not repeat. */
  INEXACT,
  /** It is not what was computed. */
  WRONG
}
