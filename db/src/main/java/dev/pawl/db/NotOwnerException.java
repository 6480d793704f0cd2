package dev.pawl.db;

/** The schema must be migrated, and this user may not; the message says who may, and how. */
final class NotOwnerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotOwnerException(String message) {
    super(message);
  }
}
