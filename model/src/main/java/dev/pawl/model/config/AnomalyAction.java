package dev.pawl.model.config;

/** What is done with a step that is not as it should be. */
public enum AnomalyAction {
  /** Nothing: the update is made. */
  IGNORE,
  /** The training fails. */
  STOP,
  /** The update is left out; its samples count as consumed. */
  SKIP,
  /**
   * The training goes back to the last multiple of rewind_steps, and on from there with the samples
   * after the step.
   */
  REWIND
}
