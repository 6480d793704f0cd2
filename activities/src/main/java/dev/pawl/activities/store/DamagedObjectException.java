package dev.pawl.activities.store;

import java.io.IOException;

/** An object, or a file that was to become one, does not have the content that it must have. */
public final class DamagedObjectException extends IOException {
  private static final long serialVersionUID = 1L;

  public DamagedObjectException(String message) {
    super(message);
  }
}
