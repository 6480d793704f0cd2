package dev.pawl.activities.protocol;

/** A stage has come as far as it was asked to and has saved; it has no result yet. */
public final class StageRestsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Ends an attempt that may be followed by another.
   *
   * @param message where it rests
   */
  public StageRestsException(String message) {
    super(message);
  }
}
