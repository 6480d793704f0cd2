package dev.pawl.activities;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says that a run has come to a rung.
 *
 * @param experimentId the sweep
 * @param job what was asked
 * @param cause name of the failure cause that keeps it from ever having a value there; null when it
 *     came there
 */
public record RungReport(String experimentId, RungJob job, @Nullable String cause) {
  public RungReport {
    Objects.requireNonNull(experimentId, "experimentId");
    Objects.requireNonNull(job, "job");
  }
}
