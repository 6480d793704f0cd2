package dev.pawl.model.checkpoint;

/** Hears how far the saving of a checkpoint is; may throw to stop it, and nothing is moved then. */
@FunctionalInterface
public interface SaveListener {
  /** Says nothing. */
  SaveListener SILENT = (moment, step) -> {};

  /** Where in the middle a saving is. */
  enum Moment {
    /** The file of the weights is whole, that of the moments is not begun. */
    WEIGHTS_WRITTEN,
    /** All files are on the disk under their temporary name; deletion and move come next. */
    FORCED
  }

  /** The checkpoint of a step is so far. */
  void reached(Moment moment, long step);
}
