package dev.pawl.db;

import java.util.Optional;

/** What asking for a stage gave. */
public record ClaimResult(Outcome outcome, Optional<Claim> claim, StageRow row) {
  /** The three answers. */
  public enum Outcome {
    CLAIMED,
    DONE,
    BUSY
  }
}
