package dev.pawl.db;

/** This program or this user cannot bring the schema to this version; the message says who can. */
final class NotOwnerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotOwnerException(String message) {
    super(message);
  }
}
