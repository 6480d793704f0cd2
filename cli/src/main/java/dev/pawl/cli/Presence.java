package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.DeviceLock;
import dev.pawl.db.NewWorker;
import io.temporal.worker.Worker;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps in the record, from a thread of its own, that this process serves; and looks that it still
 * has its device, whose lock is lost with the connection to the database. Without it no device
 * stage is taken on.
 */
final class Presence implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
  private static final long EVERY_SECONDS = 5;

  private final Database database;
  private final String id;
  private final Optional<DeviceLock> device;
  private final List<Worker> deviceQueues;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::keep, "pawl-presence");

  /** For the thread alone. */
  private boolean suspended;

  /**
   * Says that this process serves.
   *
   * @param deviceQueues what takes on stages for its device
   */
  Presence(
      Database database, NewWorker worker, Optional<DeviceLock> device, List<Worker> deviceQueues) {
    this.database = database;
    this.device = device;
    this.deviceQueues = List.copyOf(deviceQueues);
    this.id = database.workers().started(worker);
    thread.setDaemon(true);
    thread.start();
  }

  /** Says that this process was asked to end. */
  void stopping() {
    quietly(() -> database.workers().stopping(id));
  }

  private void keep() {
    while (!waited()) {
      quietly(() -> database.workers().seen(id));
      device.ifPresent(lock -> quietly(() -> mind(lock)));
    }
  }

  private void mind(DeviceLock lock) {
    if (!lock.hold()) {
      if (!suspended) {
        suspended = true;
        System.err.println(
            "pawl: another process has this device now; no more stages are taken on for it until it"
                + " is free");
        deviceQueues.forEach(Worker::suspendPolling);
      }
    } else if (suspended) {
      suspended = false;
      System.err.println("pawl: the device is free again; stages are taken on for it");
      deviceQueues.forEach(Worker::resumePolling);
    }
  }

  private boolean waited() {
    try {
      return closed.await(EVERY_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static void quietly(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException away) {
      LOG.warn("presence is not recorded: {}", away.toString());
    }
  }

  /** Says that this process has ended. */
  @Override
  public void close() {
    closed.countDown();
    quietly(() -> database.workers().stopped(id));
  }
}
