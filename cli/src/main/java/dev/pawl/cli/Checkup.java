package dev.pawl.cli;

import java.util.Objects;

/**
 * What 'pawl doctor' found out about one thing.
 *
 * @param check what was looked at
 * @param state how it is
 * @param finding what was seen
 * @param remedy what to do; empty where all is well
 */
record Checkup(String check, State state, String finding, String remedy) {
  /** How a thing is; the names are those that are printed. */
  enum State {
    ok,
    warning,
    failed
  }

  Checkup {
    Objects.requireNonNull(check, "check");
    Objects.requireNonNull(state, "state");
  }

  static Checkup ok(String check, String finding) {
    return new Checkup(check, State.ok, finding, "");
  }

  static Checkup warning(String check, String finding, String remedy) {
    return new Checkup(check, State.warning, finding, remedy);
  }

  static Checkup failed(String check, String finding, String remedy) {
    return new Checkup(check, State.failed, finding, remedy);
  }
}
