package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.FaultPoints;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageProgress;
import dev.pawl.model.evaluation.TaskDocument;
import java.util.List;
import java.util.function.IntConsumer;

/** Turns scored requests of a task into the progress of a stage, and so lets it be stopped. */
final class EvaluateProgress implements IntConsumer {
  private final StageContext context;
  private final String task;
  private final List<TaskDocument> documents;
  private final int total;
  private final long before;
  private int requests;
  private int whole;
  private int requestsOfWhole;

  /**
   * Progress through the documents of a task.
   *
   * @param before documents of the tasks before it
   */
  EvaluateProgress(StageContext context, String task, List<TaskDocument> documents, long before) {
    this.context = context;
    this.task = task;
    this.documents = documents;
    this.before = before;
    this.total = documents.stream().mapToInt(document -> document.continuations().size()).sum();
  }

  @Override
  public void accept(int scored) {
    requests += scored;
    int first = whole;
    while (whole < documents.size()
        && requestsOfWhole + documents.get(whole).continuations().size() <= requests) {
      requestsOfWhole += documents.get(whole).continuations().size();
      whole++;
    }
    context.progress(StageProgress.of("requests of " + task, requests, total));
    FaultPoints.reach("evaluate.document", before + first + 1, before + whole);
  }
}
