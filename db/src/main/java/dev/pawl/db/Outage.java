package dev.pawl.db;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits while a database is away: killed, restarted, not reached. Only for work that may be done
 * twice, because an answer may be lost after the work was done.
 */
final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  /** After it the attempt fails as INFRASTRUCTURE, and is tried again from its checkpoint. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final long PAUSE_MILLISECONDS = 500;
  private static final AtomicBoolean SAID = new AtomicBoolean();

  private Outage() {}

  /** Does the work; where the database goes away, again until it is back. */
  @CanIgnoreReturnValue
  static <T> T outlast(Supplier<T> work) {
    long start = System.nanoTime();
    while (true) {
      try {
        T result = work.get();
        if (SAID.compareAndSet(true, false)) {
          say("the database answers again");
        }
        return result;
      } catch (RuntimeException e) {
        if (!away(e) || System.nanoTime() - start > PATIENCE.toNanos() || !paused()) {
          throw e;
        }
        if (SAID.compareAndSet(false, true)) {
          say("the database does not answer; waiting for it");
          LOG.warn("the database is away", e);
        }
      }
    }
  }

  /** Whether the failure says that there is no server, rather than that it refuses something. */
  static boolean away(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof SQLTransientConnectionException
          || each instanceof SQLNonTransientConnectionException) {
        return true;
      }
      if (each instanceof SQLException sql && sql.getSQLState() != null) {
        // Connection exceptions; shut down, crashed and starting up.
        return sql.getSQLState().startsWith("08") || sql.getSQLState().startsWith("57P0");
      }
    }
    return false;
  }

  private static boolean paused() {
    try {
      Thread.sleep(PAUSE_MILLISECONDS);
      return true;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void say(String what) {
    System.err.println("pawl: " + what);
  }
}
