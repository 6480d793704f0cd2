package dev.pawl.model.checkpoint;

/** Lets a save go on only while it may; what it throws ends the save, and nothing is left of it. */
public interface SaveGuard {
  /** Never stops a save. */
  SaveGuard NONE = new SaveGuard() {};

  /** Asked before every piece that is written: must be cheap. */
  default void piece() {}

  /** Asked once, when the file of the weights is whole and that of the moments is not begun. */
  default void weightsWritten() {}

  /** Asked once, when everything is on the disk and before anything of that step is replaced. */
  default void move() {}
}
