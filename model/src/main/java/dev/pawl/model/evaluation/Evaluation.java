package dev.pawl.model.evaluation;

import dev.pawl.model.config.TaskKind;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a task as lm-evaluation-harness does (block-transformer.md 6.1, 6.2), from the answers that
 * are stored already.
 */
public final class Evaluation {
  private Evaluation() {}

  /**
   * Answers what has no answer yet, and computes the metrics.
   *
   * @param batchSize requests whose answers are computed before they are stored together; decides
   *     no value
   * @throws PawlException DATA when the stored answers are not those of these documents
   */
  public static TaskResult run(
      PreparedTask task,
      GroupScorer scorer,
      AnswerStore store,
      int batchSize,
      EvaluationListener listener)
      throws IOException {
    Map<Integer, Answer> answers = new HashMap<>();
    store.stored().forEach(answer -> answers.put(answer.document(), answer));
    requireFit(task, answers);
    int total = task.documents().size();
    listener.documents(task.name(), answers.size(), total);
    boolean whole = task.definition().kind() == TaskKind.ROLLING;
    List<Answer> waiting = new ArrayList<>();
    int requests = 0;
    for (List<TaskDocument> group : Groups.of(task.documents())) {
      if (group.stream().allMatch(document -> answers.containsKey(document.number()))) {
        continue;
      }
      // A group whose answers are not all stored was never stored in part: they go in together.
      waiting.addAll(scorer.answer(group, whole));
      requests += group.stream().mapToInt(document -> document.requests().size()).sum();
      if (requests >= batchSize) {
        store(waiting, answers, store);
        requests = 0;
      }
      listener.documents(task.name(), answers.size(), total);
    }
    store(waiting, answers, store);
    listener.documents(task.name(), answers.size(), total);
    List<Answer> ordered =
        task.documents().stream().map(document -> answers.get(document.number())).toList();
    return new TaskResult(task.name(), task.version(), total, Metrics.of(task, ordered), ordered);
  }

  private static void store(List<Answer> waiting, Map<Integer, Answer> answers, AnswerStore store)
      throws IOException {
    if (!waiting.isEmpty()) {
      store.add(List.copyOf(waiting));
      waiting.forEach(answer -> answers.put(answer.document(), answer));
      waiting.clear();
    }
  }

  private static void requireFit(PreparedTask task, Map<Integer, Answer> answers) {
    Map<Integer, Integer> sizes = new HashMap<>();
    boolean whole = task.definition().kind() == TaskKind.ROLLING;
    for (TaskDocument document : task.documents()) {
      sizes.put(document.number(), whole ? 1 : document.requests().size());
    }
    answers.forEach(
        (number, answer) -> {
          if (sizes.getOrDefault(number, -1) != answer.logLikelihoods().size()) {
            throw new PawlException(
                FailureCause.DATA,
                "task %s: the stored answer to document %d is not one to this data; evaluate anew"
                    .formatted(task.name(), number));
          }
        });
  }
}
