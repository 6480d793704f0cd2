package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.StageContext;
import dev.pawl.db.DocumentRow;
import dev.pawl.model.evaluation.Answer;
import dev.pawl.model.evaluation.AnswerStore;
import java.util.List;

/** The answers of one task and checkpoint in the record, written under the claim of the stage. */
record DatabaseAnswers(StageContext context, long step, String task) implements AnswerStore {
  @Override
  public List<Answer> stored() {
    return context.database().evaluations().documents(context.claim().key(), step, task).stream()
        .map(row -> new Answer(row.document(), row.logLikelihoods(), row.greedy()))
        .toList();
  }

  @Override
  public void add(List<Answer> answers) {
    context
        .database()
        .evaluations()
        .addDocuments(
            context.claim(),
            step,
            task,
            answers.stream()
                .map(
                    answer ->
                        new DocumentRow(
                            answer.document(), answer.logLikelihoods(), answer.greedy()))
                .toList());
  }
}
