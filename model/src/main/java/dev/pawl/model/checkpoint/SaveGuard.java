package dev.pawl.model.checkpoint;

/** Lets a save go on only while it may; what it throws ends the save, and nothing is left of it. */
public interface SaveGuard {
  /** Never stops a save. */
  SaveGuard NONE = new SaveGuard() {};

  /** Asked before every piece that is written: must be cheap. */
  default void piece() {}

  /** Asked once, when everything is written and before the checkpoint becomes visible. */
  default void move() {}
}
