package dev.pawl.workflows;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A run and the experiment that it belongs to.
 *
 * @param experimentId the experiment
 * @param run what to do
 * @param restAfter optimizer step after which its training rests and the run with it, to be asked
 *     for again; 0 is none: the run goes on to its end
 * @param setting what the workflow may count on
 */
public record RunOrder(
    String experimentId, RunRequest run, long restAfter, @Nullable Setting setting) {
  public RunOrder {
    Objects.requireNonNull(experimentId, "experimentId");
    Objects.requireNonNull(run, "run");
    setting = setting == null ? Setting.SINGLE_PROCESS : setting;
  }

  /** What the workflow may count on. */
  @Override
  public Setting setting() {
    return setting == null ? Setting.SINGLE_PROCESS : setting;
  }

  /** A run to its end. */
  public RunOrder(String experimentId, RunRequest run, Setting setting) {
    this(experimentId, run, 0, setting);
  }
}
