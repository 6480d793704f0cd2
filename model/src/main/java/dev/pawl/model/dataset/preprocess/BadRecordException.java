package dev.pawl.model.dataset.preprocess;

/** A line that is no usable record; the message goes on after "file:line: ". */
final class BadRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  BadRecordException(String reason) {
    super(reason, null, false, false);
  }
}
