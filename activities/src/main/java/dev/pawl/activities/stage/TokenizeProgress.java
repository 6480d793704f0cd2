package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.FaultPoints;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageProgress;
import dev.pawl.model.dataset.preprocess.BadRecord;
import dev.pawl.model.dataset.preprocess.PreprocessListener;

/** Turns what the preprocessor says into the progress of a stage, and so lets it be stopped. */
final class TokenizeProgress implements PreprocessListener {
  private final StageContext context;
  private final long total;
  private long documents;

  /** Progress through a file of so many bytes. */
  TokenizeProgress(StageContext context, long total) {
    this.context = context;
    this.total = total;
  }

  @Override
  public void resumed(Progress progress) {
    documents = progress.documents();
    advanced(progress);
  }

  @Override
  public void advanced(Progress progress) {
    context.progress(StageProgress.of("bytes", progress.bytes(), total));
    FaultPoints.reach("tokenize.document", documents + 1, progress.documents());
    documents = progress.documents();
  }

  @Override
  public void kept(Progress progress) {
    FaultPoints.reach("tokenize.after_partition");
  }

  @Override
  public void skipped(BadRecord record) {
    throw new IllegalStateException("a stage leaves nothing out, not even " + record);
  }
}
