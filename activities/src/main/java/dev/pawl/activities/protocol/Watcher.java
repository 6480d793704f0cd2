package dev.pawl.activities.protocol;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link ProgressListener} that already knows which run and which stage it is told about. Used by
 * the thread that leads the stage.
 */
final class Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);

  private final ProgressListener listener;
  private final String runName;
  private final String label;
  private final String key;
  private final long began = System.nanoTime();
  private AttemptObserver observer = AttemptObserver.NONE;

  Watcher(ProgressListener listener, String runName, String label, String key) {
    this.listener = listener;
    this.runName = runName;
    this.label = label;
    this.key = key;
  }

  String runName() {
    return runName;
  }

  String label() {
    return label;
  }

  /** An attempt holds the stage; gives who watches it. */
  AttemptObserver claimed(Attempt attempt, Duration waited, Duration claiming) {
    try {
      observer = listener.attempt(attempt, waited, claiming);
    } catch (RuntimeException unwatched) {
      // The claim is held: nothing may come between it and its end.
      LOG.warn("stage {}: the attempt is not watched", key, unwatched);
    }
    return observer;
  }

  void started() {
    listener.stageStarted(runName, label, key, 0);
  }

  void progress(StageProgress progress) {
    listener.progress(runName, label, progress);
    observer.progress(progress);
  }

  void reopened(String reason) {
    listener.stageReopened(runName, label, reason);
  }

  void reused() {
    listener.stageFinished(runName, label, true, Duration.ofNanos(System.nanoTime() - began));
  }

  void done() {
    listener.stageFinished(runName, label, false, Duration.ofNanos(System.nanoTime() - began));
    ended(AttemptEnd.DONE, "");
  }

  void lost() {
    listener.stageLost(runName, label);
    ended(AttemptEnd.LOST, "");
  }

  void failed(Failure failure) {
    listener.stageFailed(runName, label, failure.cause().name(), failure.message());
    ended(AttemptEnd.FAILED, failure.cause().name());
  }

  void rests(String where) {
    listener.stageRests(runName, label, where);
    ended(AttemptEnd.RESTED, "");
  }

  void released() {
    listener.stageReleased(runName, label);
    ended(AttemptEnd.RELEASED, "");
  }

  // Once: an end that could not be recorded may be told of again as another.
  private void ended(AttemptEnd end, String cause) {
    AttemptObserver told = observer;
    observer = AttemptObserver.NONE;
    told.ended(end, cause);
  }
}
