package dev.pawl.cli.observe;

import dev.pawl.activities.protocol.Attempt;
import dev.pawl.activities.protocol.AttemptObserver;
import dev.pawl.activities.protocol.ProgressListener;
import dev.pawl.activities.protocol.StageProgress;
import java.time.Duration;

/** Hands everything to another listener, and attempts to an observability. */
final class Watching implements ProgressListener {
  private final ProgressListener other;
  private final Observability observability;

  Watching(ProgressListener other, Observability observability) {
    this.other = other;
    this.observability = observability;
  }

  @Override
  public AttemptObserver attempt(Attempt attempt, Duration waited, Duration claiming) {
    AttemptObserver theirs = other.attempt(attempt, waited, claiming);
    AttemptObserver ours = observability.attempt(attempt, waited, claiming);
    return theirs == AttemptObserver.NONE ? ours : new BothObservers(ours, theirs);
  }

  @Override
  public void stageFinished(String runName, String stage, boolean reused, Duration duration) {
    other.stageFinished(runName, stage, reused, duration);
    if (reused) {
      observability.reused(stage);
    }
  }

  @Override
  public void stageStarted(String runName, String stage, String key, long total) {
    other.stageStarted(runName, stage, key, total);
  }

  @Override
  public void progress(String runName, String stage, StageProgress progress) {
    other.progress(runName, stage, progress);
  }

  @Override
  public void stageReopened(String runName, String stage, String reason) {
    other.stageReopened(runName, stage, reason);
  }

  @Override
  public void stageLost(String runName, String stage) {
    other.stageLost(runName, stage);
  }

  @Override
  public void stageFailed(String runName, String stage, String cause, String message) {
    other.stageFailed(runName, stage, cause, message);
  }

  @Override
  public void stageRests(String runName, String stage, String where) {
    other.stageRests(runName, stage, where);
  }

  @Override
  public void stageReleased(String runName, String stage) {
    other.stageReleased(runName, stage);
  }
}
