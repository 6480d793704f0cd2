package dev.pawl.cli;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;

/** What commands need that have nothing to do without a Temporal server of their own. */
final class Cluster {
  private Cluster() {}

  /**
   * Refuses a command where no server is named.
   *
   * @param command its name
   * @param instead what does without one
   * @throws PawlException CONFIG when the environment names none
   */
  static void require(String command, String instead) {
    if (!TemporalConnection.isConfigured()) {
      throw new PawlException(
          FailureCause.CONFIG,
          "%s needs a Temporal server: set TEMPORAL_ADDRESS=HOST:PORT, and PAWL_JDBC_URL to the PostgreSQL that all workers share; %s"
              .formatted(command, instead));
    }
  }
}
