package dev.pawl.activities.protocol;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Causes faults at named places, for real.
 *
 * <p>Two sources: {@link #arm}, of {@code pawl run --chaos}, whose faults happen once each, in this
 * process or in one that follows it; and, for tests, the environment variable {@code PAWL_CHAOS} or
 * the system property {@code pawl.chaos}, whose faults happen in every process, and in one process
 * as often as their place is reached. Thread-safe.
 */
public final class FaultPoints {
  private static final int KILLED = 137;
  private static final long NONE = -1;

  private static @Nullable List<Fault> always;
  private static List<Fault> armed = List.of();
  private static @Nullable FaultMemory memory;

  private FaultPoints() {}

  /** Says that the process is at a place; causes the fault that is wanted there. */
  public static void reach(String point) {
    reach(point, NONE, NONE);
  }

  /** The same at a place with a number. */
  public static void reach(String point, long number) {
    reach(point, number, number);
  }

  /**
   * The same where numbers pass several at a time.
   *
   * @param first the first number since the last call
   * @param last the last one; below {@code first}, nothing is reached
   */
  public static void reach(String point, long first, long last) {
    FaultPoint known =
        FaultCatalog.find(point)
            .orElseThrow(
                () ->
                    new IllegalArgumentException("fault point %s is in no list".formatted(point)));
    if (last < first) {
      return;
    }
    if (known.numbered() == (last == NONE)) {
      throw new IllegalArgumentException("fault point %s and its number".formatted(point));
    }
    Optional<Fault> wanted = take(point, first, last);
    if (wanted.isPresent()) {
      cause(wanted.get());
    }
  }

  /**
   * Wants faults of this process.
   *
   * @param fired where it is kept which of them have happened; those happen no more
   */
  public static synchronized void arm(List<Fault> faults, FaultMemory fired) throws IOException {
    List<Fault> left = new ArrayList<>(faults);
    for (String happened : fired.read()) {
      left.stream()
          .filter(fault -> fault.toString().equals(happened))
          .findFirst()
          .ifPresent(left::remove);
    }
    armed = left;
    memory = fired;
  }

  /** Wants no more faults, and returns those that did not happen. */
  public static synchronized List<Fault> disarm() {
    List<Fault> left = List.copyOf(armed);
    armed = List.of();
    memory = null;
    return left;
  }

  private static synchronized Optional<Fault> take(String point, long first, long last) {
    List<Fault> repeated = always;
    if (repeated == null) {
      repeated =
          Fault.parse(
              Optional.ofNullable(System.getProperty("pawl.chaos"))
                  .or(() -> Optional.ofNullable(System.getenv("PAWL_CHAOS")))
                  .orElse(""));
      always = repeated;
    }
    for (Fault fault : armed) {
      if (fault.at(point, first, last)) {
        List<Fault> left = new ArrayList<>(armed);
        left.remove(fault);
        armed = left;
        remember(fault);
        return Optional.of(fault);
      }
    }
    return repeated.stream().filter(fault -> fault.at(point, first, last)).findFirst();
  }

  // Before it happens: a process that is killed can note nothing.
  private static void remember(Fault fault) {
    FaultMemory kept = memory;
    if (kept == null) {
      return;
    }
    try {
      kept.add(fault.toString());
    } catch (IOException e) {
      throw new PawlException(
          FailureCause.INFRASTRUCTURE,
          "%s cannot be noted in %s: %s".formatted(fault, kept.file(), e.getMessage()),
          e);
    }
  }

  private static void cause(Fault fault) {
    switch (fault.kind()) {
      case KILL -> {
        System.err.println("pawl: halted at fault point " + fault);
        Runtime.getRuntime().halt(KILLED);
      }
      case FAIL ->
          throw new PawlException(
              FailureCause.INFRASTRUCTURE, "made to fail by %s, on request".formatted(fault));
      case STALL -> {
        System.err.println("pawl: stalled by " + fault);
        sleep(fault.seconds());
      }
      case FREEZE -> {
        System.err.printf(
            "pawl: frozen by %s; 'kill -CONT %d' lets it go on%n",
            fault, ProcessHandle.current().pid());
        freeze();
      }
    }
  }

  private static void sleep(double seconds) {
    try {
      TimeUnit.NANOSECONDS.sleep((long) (seconds * 1e9));
    } catch (InterruptedException stop) {
      // Whoever looks next learns that the worker is to stop.
      Thread.currentThread().interrupt();
    }
  }

  private static void freeze() {
    String self = Long.toString(ProcessHandle.current().pid());
    try {
      new ProcessBuilder("kill", "-STOP", self).inheritIO().start().waitFor();
      // On a busy machine threads run on for some milliseconds after the signal was sent.
      TimeUnit.MILLISECONDS.sleep(500);
    } catch (IOException e) {
      throw new PawlException(
          FailureCause.INFRASTRUCTURE, "the process cannot be frozen: " + e.getMessage(), e);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
