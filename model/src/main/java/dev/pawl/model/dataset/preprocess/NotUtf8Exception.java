package dev.pawl.model.dataset.preprocess;

/** Bytes that are no UTF-8. */
final class NotUtf8Exception extends Exception {
  private static final long serialVersionUID = 1L;

  private final int at;

  /** The first wrong byte, from 0. */
  NotUtf8Exception(int at) {
    super("not UTF-8 at byte %d".formatted(at + 1), null, false, false);
    this.at = at;
  }

  int at() {
    return at;
  }
}
