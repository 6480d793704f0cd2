package dev.pawl.cli;

import dev.pawl.activities.protocol.Fault;
import dev.pawl.activities.protocol.FaultCatalog;
import dev.pawl.activities.protocol.FaultMemory;
import dev.pawl.activities.protocol.FaultPoint;
import dev.pawl.activities.protocol.FaultPoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The faults of {@code --chaos}. Each happens once in an experiment, however often the command is
 * typed: what has happened is kept in {@code chaos/} of the home until the experiment is done.
 */
record Chaos(List<Fault> faults) {
  /** What is done while faults are wanted. */
  interface Work {
    int run() throws IOException;
  }

  /** Whether the points are asked for. */
  static boolean isQuestion(List<String> given) {
    return given.stream().anyMatch(text -> text.equals("list") || text.equals("help"));
  }

  /**
   * Reads what was given.
   *
   * @throws dev.pawl.model.failure.PawlException CONFIG on a wrong fault, with the nearest right
   *     one
   */
  static Chaos parse(List<String> given) {
    // A mistake there would otherwise show itself in the middle of a stage.
    Optional.ofNullable(System.getenv("PAWL_CHAOS")).ifPresent(Fault::parse);
    return new Chaos(Fault.parse(String.join(",", given)));
  }

  /** Does the work with these faults and returns its exit code. */
  int during(Path home, String experimentId, Work work) throws IOException {
    if (faults.isEmpty()) {
      return work.run();
    }
    FaultMemory memory = FaultMemory.of(home, experimentId);
    FaultPoints.arm(faults, memory);
    int code = work.run();
    List<Fault> left = FaultPoints.disarm();
    if (code == ExitCode.DONE) {
      left.forEach(fault -> System.err.println("pawl: chaos: never came to " + fault));
      memory.forget();
    }
    return code;
  }

  /** All points, a line each. */
  static String list() {
    StringBuilder text =
        new StringBuilder(
            """
            kill@POINT        the process ends at once, as by SIGKILL
            fail@POINT        the stage fails with INFRASTRUCTURE, and is tried again
            stall:20@POINT    the stage sleeps 20 seconds; its claim lives
            freeze@POINT      the process stops as by SIGSTOP, until it gets SIGCONT

            Without =N, the first time that the point is reached. Each fault happens once in an
            experiment, also when the same command is typed again; it is remembered in HOME/chaos.

            """);
    int width = FaultCatalog.points().stream().mapToInt(p -> p.usage().length()).max().orElse(0);
    for (FaultPoint point : FaultCatalog.points()) {
      text.append(("%-" + width + "s  %s").formatted(point.usage(), point.description()));
      text.append(point.number().isEmpty() ? "" : " (N: " + point.number() + ")").append('\n');
    }
    return text.toString();
  }
}
