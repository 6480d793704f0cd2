package dev.pawl.cli;

/** Exit codes of the command. */
final class ExitCode {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int NOT_FOUND = 3;
  static final int BUSY = 4;

  private ExitCode() {}
}
