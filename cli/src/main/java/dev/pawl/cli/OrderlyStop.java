package dev.pawl.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what is open, the last opened first, when the process is asked to end (Ctrl-C, SIGTERM):
 * stages save what they have and give back their claims before the database goes. The process then
 * ends with 128 + the signal's number, or as it says. Thread-safe.
 */
final class OrderlyStop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OrderlyStop.class);

  private static final String GOES_ON = "what is done is being saved; the same command goes on";

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Thread hook = new Thread(this::stop, "orderly-stop");
  private final String words;
  private final OptionalInt exitCode;
  private volatile boolean stopping;

  /** For a command that the user types again. */
  OrderlyStop() {
    this(GOES_ON, OptionalInt.empty());
  }

  /**
   * For any command.
   *
   * @param words what is said when a signal comes
   * @param exitCode of a process that a signal ends; empty is 128 + its number
   */
  OrderlyStop(String words, OptionalInt exitCode) {
    this.words = words;
    this.exitCode = exitCode;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Remembers what to close; each is closed once, by a signal or by {@link #close()}. */
  synchronized <T extends AutoCloseable> T closing(T resource) {
    open.push(resource);
    return resource;
  }

  /** Whether a signal has come: whatever fails now fails because of it. */
  boolean stopping() {
    return stopping;
  }

  private void stop() {
    stopping = true;
    System.err.println("pawl: stopping: " + words);
    closeAll();
    if (exitCode.isPresent()) {
      System.out.flush();
      System.err.flush();
      // Nothing else can change the code of a process that is ending by a signal.
      Runtime.getRuntime().halt(exitCode.getAsInt());
    }
  }

  private synchronized void closeAll() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        LOG.warn("closing", e);
      }
    }
  }

  @Override
  public void close() {
    if (stopping) {
      // The hook closes everything and ends the process; nothing may be closed under it.
      waitForEnd();
    }
    closeAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException signalled) {
      waitForEnd();
    }
  }

  private void waitForEnd() {
    boolean ended = false;
    while (!ended) {
      try {
        hook.join();
        ended = true;
      } catch (InterruptedException e) {
        LOG.debug("still stopping", e);
      }
    }
  }
}
