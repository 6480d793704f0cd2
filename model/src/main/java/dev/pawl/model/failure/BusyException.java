package dev.pawl.model.failure;

/**
 * Something else holds what was asked for: another process writes it, or a result is already there.
 * Nothing was changed.
 */
public final class BusyException extends PawlException {
  private static final long serialVersionUID = 1L;

  public BusyException(String message) {
    super(FailureCause.INFRASTRUCTURE, message);
  }
}
