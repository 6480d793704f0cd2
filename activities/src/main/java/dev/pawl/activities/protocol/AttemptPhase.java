package dev.pawl.activities.protocol;

import java.util.Locale;

/** A part of an attempt that is timed by whoever watches it. */
public enum AttemptPhase {
  /** The body of the stage. */
  EXECUTE,
  /** The artifact is hashed, forced to disk and moved to its place. */
  PUBLISH,
  /** Training stands still for a save: until the copy is taken, or until all is written. */
  CHECKPOINT_STALL,
  /** A checkpoint is written, recorded and older ones are removed, beside the training or not. */
  CHECKPOINT_WRITE,
  /** A checkpoint is read to go on from it. */
  CHECKPOINT_LOAD;

  /** The name for labels: lower-case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
