package dev.pawl.activities.protocol;

import dev.pawl.db.Claim;
import dev.pawl.db.Database;

/** Accounts for stages that run outside the protocol. */
public final class Ledgers {
  private Ledgers() {}

  /** An account that begins now and is written by nobody. */
  public static TimeLedger of(Database database, Claim claim) {
    return new TimeLedger(database.goodput(), claim);
  }
}
