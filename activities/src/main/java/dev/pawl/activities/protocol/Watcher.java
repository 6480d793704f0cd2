package dev.pawl.activities.protocol;

import java.time.Duration;

/** A {@link ProgressListener} that already knows which run and which stage it is told about. */
final class Watcher {
  private final ProgressListener listener;
  private final String runName;
  private final String kind;
  private final String key;
  private final long began = System.nanoTime();

  Watcher(ProgressListener listener, String runName, String kind, String key) {
    this.listener = listener;
    this.runName = runName;
    this.kind = kind;
    this.key = key;
  }

  void started() {
    listener.stageStarted(runName, kind, key, 0);
  }

  void progress(StageProgress progress) {
    listener.progress(runName, kind, progress);
  }

  void reopened(String reason) {
    listener.stageReopened(runName, kind, reason);
  }

  void finished(boolean reused) {
    listener.stageFinished(runName, kind, reused, Duration.ofNanos(System.nanoTime() - began));
  }

  void lost() {
    listener.stageLost(runName, kind);
  }

  void failed(Failure failure) {
    listener.stageFailed(runName, kind, failure.cause().name(), failure.message());
  }
}
