package dev.pawl.activities.asha;

import java.util.Objects;

/**
 * Brings a trial to a rung.
 *
 * @param trial number of the trial, from 0
 * @param rung number of the rung, from 0
 * @param reason why this one, in words that depend on nothing but what was known
 */
public record Job(int trial, int rung, String reason) {
  public Job {
    Objects.requireNonNull(reason, "reason");
  }
}
