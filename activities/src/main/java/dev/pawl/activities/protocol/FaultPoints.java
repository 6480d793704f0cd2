package dev.pawl.activities.protocol;

import java.util.Arrays;
import java.util.Optional;

/**
 * Named places at which a test may kill the process for real.
 *
 * <p>The environment variable {@code PAWL_CHAOS} or the system property {@code pawl.chaos} holds a
 * comma-separated list such as {@code kill@tokenize.before_publish}.
 */
public final class FaultPoints {
  private static final int KILLED = 137;

  private FaultPoints() {}

  /** Halts the process, without hooks and without flushing, when this place is named. */
  public static void reach(String name) {
    if (armed(name)) {
      System.err.println("pawl: halted at fault point " + name);
      Runtime.getRuntime().halt(KILLED);
    }
  }

  private static boolean armed(String name) {
    String faults =
        Optional.ofNullable(System.getProperty("pawl.chaos"))
            .or(() -> Optional.ofNullable(System.getenv("PAWL_CHAOS")))
            .orElse("");
    return !faults.isEmpty()
        && Arrays.stream(faults.split(",", -1))
            .map(String::strip)
            .anyMatch(("kill@" + name)::equals);
  }
}
