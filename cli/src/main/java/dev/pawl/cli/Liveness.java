package dev.pawl.cli;

import dev.pawl.activities.protocol.DeadOwners;
import dev.pawl.db.Database;
import dev.pawl.db.Owner;
import dev.pawl.db.RunRow;
import dev.pawl.db.RunStatus;
import dev.pawl.db.Serving;
import java.util.Optional;

/**
 * Whether somebody is still at a run. The record of a process that was killed says RUNNING until
 * the run is taken up again; nothing is written here, only told.
 */
final class Liveness {
  /** What is shown in place of the status. */
  static final String INTERRUPTED = "INTERRUPTED";

  private static final String PROCESS_GONE = "its process is gone; run it again to go on";
  private static final String WORKER_GONE = "its worker is gone; the next one takes it over";

  private final Database database;
  private final String host = Owner.hostName();

  Liveness(Database database) {
    this.database = database;
  }

  /** Why nobody is at a run that the record calls RUNNING or PAUSED; empty when somebody may be. */
  Optional<String> interrupted(RunRow run) {
    return served(run.status())
        ? interrupted(run.status(), database.serving().of(run.id()))
        : Optional.empty();
  }

  private static boolean served(RunStatus status) {
    return status == RunStatus.RUNNING || status == RunStatus.PAUSED;
  }

  /** The same, of a run whose servers are known already. */
  Optional<String> interrupted(RunStatus status, Serving serving) {
    if (!served(status)) {
      return Optional.empty();
    }
    boolean held =
        serving.holders().stream().anyMatch(each -> each.leased() && !gone(each.ownerId()));
    if (held) {
      return Optional.empty();
    }
    Optional<String> process = serving.process();
    boolean abandoned = !serving.holders().isEmpty();
    if (process.isEmpty()) {
      return abandoned ? Optional.of(WORKER_GONE) : Optional.empty();
    }
    boolean here = Owner.parse(process.get()).host().equals(host);
    return (here ? gone(process.get()) : abandoned) ? Optional.of(PROCESS_GONE) : Optional.empty();
  }

  /** Whether a claim's owner was a process of this host that has ended. */
  boolean gone(String ownerId) {
    Owner owner = Owner.parse(ownerId);
    return owner.host().equals(host) && DeadOwners.dead(owner);
  }
}
