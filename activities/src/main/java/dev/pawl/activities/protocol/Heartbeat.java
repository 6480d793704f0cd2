package dev.pawl.activities.protocol;

/** Tells the scheduler that the attempt lives. */
@FunctionalInterface
public interface Heartbeat {
  /**
   * Sends one beat; called from a thread of its own.
   *
   * @throws io.temporal.client.ActivityCompletionException when the scheduler wants the attempt to
   *     stop
   */
  void beat();
}
