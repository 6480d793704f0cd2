package dev.pawl.activities;

import java.util.Objects;

/**
 * Brings a run to a rung.
 *
 * @param decision number of the decision that asks for it, from 1
 * @param trial number of the run in its sweep, from 0
 * @param runId the run
 * @param rung number of the rung, from 0
 * @param step optimizer step of the rung
 * @param last whether it is the last rung: the run then does all of its stages
 */
public record RungJob(int decision, int trial, String runId, int rung, long step, boolean last) {
  public RungJob {
    Objects.requireNonNull(runId, "runId");
  }
}
