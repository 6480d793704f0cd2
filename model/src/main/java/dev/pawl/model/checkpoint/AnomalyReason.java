package dev.pawl.model.checkpoint;

/** What was wrong with an optimizer step. */
public enum AnomalyReason {
  LOSS_NOT_FINITE,
  GRADIENT_NORM_NOT_FINITE,
  /** The loss was far above its running mean. */
  LOSS_SPIKE,
  /** The gradient norm was above its limit. */
  GRADIENT_NORM_SPIKE
}
