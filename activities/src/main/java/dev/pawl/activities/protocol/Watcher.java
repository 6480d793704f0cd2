package dev.pawl.activities.protocol;

import java.time.Duration;

/** A {@link ProgressListener} that already knows which run and which stage it is told about. */
final class Watcher {
  private final ProgressListener listener;
  private final String runName;
  private final String label;
  private final String key;
  private final long began = System.nanoTime();

  Watcher(ProgressListener listener, String runName, String label, String key) {
    this.listener = listener;
    this.runName = runName;
    this.label = label;
    this.key = key;
  }

  void started() {
    listener.stageStarted(runName, label, key, 0);
  }

  void progress(StageProgress progress) {
    listener.progress(runName, label, progress);
  }

  void reopened(String reason) {
    listener.stageReopened(runName, label, reason);
  }

  void finished(boolean reused) {
    listener.stageFinished(runName, label, reused, Duration.ofNanos(System.nanoTime() - began));
  }

  void lost() {
    listener.stageLost(runName, label);
  }

  void failed(Failure failure) {
    listener.stageFailed(runName, label, failure.cause().name(), failure.message());
  }

  void rests(String where) {
    listener.stageRests(runName, label, where);
  }

  void released() {
    listener.stageReleased(runName, label);
  }
}
