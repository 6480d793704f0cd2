package dev.pawl.activities.protocol;

import java.util.function.Supplier;

/**
 * Lets a measurement of time have a worker to itself: while it lasts, the worker does no other
 * stage, whatever its slots allow.
 *
 * <p>Other stages pass together. One that measures waits until those inside have left, and those
 * that come meanwhile wait behind it, so that it gets its turn. Thread-safe.
 */
final class MeasurementGate {
  private static final long LOOK_AGAIN_MILLIS = 500;

  private int inside;
  private int waitingToMeasure;
  private boolean measuring;

  /**
   * Does some work inside, after waiting as long as it takes.
   *
   * @param alone whether nothing else may be inside
   * @param whileWaiting called again and again; may throw to wait no longer
   */
  <T> T inside(boolean alone, Runnable whileWaiting, Supplier<T> work) throws InterruptedException {
    if (alone) {
      announce(1);
    }
    try {
      while (!entered(alone)) {
        whileWaiting.run();
        Thread.sleep(LOOK_AGAIN_MILLIS);
      }
    } finally {
      if (alone) {
        announce(-1);
      }
    }
    try {
      return work.get();
    } finally {
      leave(alone);
    }
  }

  private synchronized void announce(int more) {
    waitingToMeasure += more;
  }

  private synchronized boolean entered(boolean alone) {
    boolean free = alone ? inside == 0 : waitingToMeasure == 0;
    if (measuring || !free) {
      return false;
    }
    inside++;
    measuring = alone;
    return true;
  }

  private synchronized void leave(boolean alone) {
    inside--;
    if (alone) {
      measuring = false;
    }
  }
}
