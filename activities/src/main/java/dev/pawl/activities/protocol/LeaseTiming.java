package dev.pawl.activities.protocol;

import java.time.Duration;

/**
 * How long a claim lasts without news of its owner.
 *
 * @param lease a claim not renewed for so long may be taken over
 * @param renewal time between two renewals
 * @param beat time between two heartbeats and between two looks at the progress; short, because a
 *     wish to cancel is only learned from a heartbeat
 */
public record LeaseTiming(Duration lease, Duration renewal, Duration beat) {
  /** Three renewals may fail before a lease is lost to a slow database. */
  public static final LeaseTiming DEFAULT =
      new LeaseTiming(Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(1));

  public LeaseTiming {
    if (renewal.compareTo(lease) >= 0) {
      throw new IllegalArgumentException(
          "renewal every %s does not keep a lease of %s".formatted(renewal, lease));
    }
  }
}
