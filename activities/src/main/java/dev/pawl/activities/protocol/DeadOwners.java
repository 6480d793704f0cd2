package dev.pawl.activities.protocol;

import dev.pawl.db.Database;
import dev.pawl.db.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Frees, at the start of a worker, what processes of this host held when they died, so that a
 * restart faster than the lease does not wait for its own stale claims.
 */
public final class DeadOwners {
  /** The kernel rounds start times to its clock tick, and a database to microseconds. */
  private static final Duration START_TOLERANCE = Duration.ofMillis(50);

  private DeadOwners() {}

  /** Returns the number of freed stages; a second call finds none. */
  public static int reclaim(Database database, Owner self) {
    return database.stages().reclaimDead(self.host(), DeadOwners::dead);
  }

  /** Whether a process of this very host has ended; of another host's nothing can be said. */
  public static boolean dead(Owner owner) {
    Optional<Instant> started =
        ProcessHandle.of(owner.pid())
            .filter(ProcessHandle::isAlive)
            .flatMap(process -> process.info().startInstant());
    return started
        .map(
            start ->
                Duration.between(start, owner.processStart()).abs().compareTo(START_TOLERANCE) > 0)
        .orElse(true);
  }
}
