package dev.pawl.db;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The one slot of a device: an advisory lock of PostgreSQL on host and device, held by a connection
 * of its own. The server frees it when that connection ends, however the process did. A pooler
 * between the two must keep sessions apart.
 *
 * <p>Thread-safe.
 */
public final class DeviceLock implements AutoCloseable {
  // Of a host that vanished without a word the server hears nothing: it asks.
  private static final String NOTICE_DEATH =
      "SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";
  private static final String TRY =
      "SELECT pg_try_advisory_lock(hashtextextended('pawl device ' || :device, 0))";
  private static final String FREE =
      "SELECT pg_advisory_unlock(hashtextextended('pawl device ' || :device, 0))";

  private final Jdbi jdbi;
  private final String device;
  private @Nullable Handle connection;

  private DeviceLock(Jdbi jdbi, String device) {
    this.jdbi = jdbi;
    this.device = device;
  }

  /**
   * Takes a device.
   *
   * @param host name of the machine
   * @param device its name there
   * @return empty when somebody else has it
   */
  static Optional<DeviceLock> take(Jdbi jdbi, String host, String device) {
    DeviceLock lock = new DeviceLock(jdbi, host + "/" + device);
    return lock.hold() ? Optional.of(lock) : Optional.empty();
  }

  /**
   * Whether the device is still held; where the connection was lost, it is taken again.
   *
   * @return false when somebody else has it now
   * @throws org.jdbi.v3.core.JdbiException while the database is away: nobody has it then
   */
  public synchronized boolean hold() {
    Handle held = connection;
    if (held != null) {
      try {
        held.createQuery("SELECT 1").mapTo(int.class).one();
        return true;
      } catch (RuntimeException lost) {
        forget();
      }
    }
    Handle fresh = jdbi.open();
    boolean taken = false;
    try {
      fresh.execute(NOTICE_DEATH);
      taken = fresh.createQuery(TRY).bind("device", device).mapTo(boolean.class).one();
    } finally {
      if (taken) {
        connection = fresh;
      } else {
        fresh.close();
      }
    }
    return taken;
  }

  private void forget() {
    Handle held = connection;
    connection = null;
    if (held != null) {
      held.close();
    }
  }

  /** Frees the device. */
  @Override
  public synchronized void close() {
    Handle held = connection;
    if (held == null) {
      return;
    }
    try {
      // The connection goes back to a pool, which would keep the lock.
      held.createQuery(FREE).bind("device", device).mapTo(boolean.class).one();
    } catch (RuntimeException away) {
      // The lock has ended with its connection.
      connection = null;
      held.close();
      return;
    }
    forget();
  }
}
