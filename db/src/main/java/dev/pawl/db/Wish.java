package dev.pawl.db;

/** What an operator wants of a run that is going on. */
public enum Wish {
  /** Save and wait; the run goes on when the wish is taken back. */
  PAUSE,
  /** Save and end the run; it can be taken up again. */
  STOP,
  /** Save and end the run for good. */
  CANCEL,
  /** End the run for good, without saving first. */
  CANCEL_NOW
}
