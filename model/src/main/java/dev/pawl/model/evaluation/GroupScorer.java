package dev.pawl.model.evaluation;

import dev.pawl.model.generation.SequenceScorer;
import dev.pawl.model.generation.SequenceScorer.TokenScores;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Scores the requests of a group with a model, in forward passes that the group alone decides. */
public final class GroupScorer {
  /** Padded tokens in a forward pass, where a single request is not longer. */
  private static final int TOKENS = 16_384;

  private final SequenceScorer scorer;
  private final int maxLength;

  /**
   * A scorer over a model.
   *
   * @param maxLength tokens that the model was trained on at a time; what is longer loses its
   *     beginning
   */
  public GroupScorer(SequenceScorer scorer, int maxLength) {
    this.scorer = scorer;
    this.maxLength = maxLength;
  }

  /** Scores requests, in the order given. */
  List<Score> score(List<Request> requests) {
    List<int[]> sequences = requests.stream().map(each -> each.sequence(maxLength)).toList();
    List<Integer> byLength =
        IntStream.range(0, sequences.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -sequences.get(i).length))
            .toList();
    Score[] scores = new Score[requests.size()];
    for (int start = 0; start < byLength.size(); ) {
      int longest = Math.max(1, sequences.get(byLength.get(start)).length);
      int rows = Math.min(Groups.REQUESTS, Math.max(1, TOKENS / longest));
      List<Integer> pass = byLength.subList(start, Math.min(start + rows, byLength.size()));
      int[] tails =
          pass.stream()
              .mapToInt(
                  i -> Math.min(requests.get(i).continuation().length, sequences.get(i).length - 1))
              .toArray();
      List<TokenScores> found =
          scorer.scoreTails(pass.stream().map(sequences::get).toList(), tails);
      for (int i = 0; i < pass.size(); i++) {
        scores[pass.get(i)] = sum(found.get(i));
      }
      start += pass.size();
    }
    return List.of(scores);
  }

  // Tokens that nothing predicts (the first block in unpadded mode) do not count, as published.
  private static Score sum(TokenScores scores) {
    double sum = 0;
    boolean greedy = true;
    for (int i = 0; i < scores.logProbabilities().length; i++) {
      if (!Double.isNaN(scores.logProbabilities()[i])) {
        sum += scores.logProbabilities()[i];
        greedy &= scores.greedy()[i];
      }
    }
    return new Score(sum, greedy);
  }

  /** Answers the documents of a group, in its order. */
  List<Answer> answer(List<TaskDocument> group, boolean whole) {
    List<Request> requests = new ArrayList<>();
    group.forEach(document -> requests.addAll(document.requests()));
    List<Score> scores = score(requests);
    List<Answer> answers = new ArrayList<>();
    int at = 0;
    for (TaskDocument document : group) {
      List<Score> own = scores.subList(at, at + document.requests().size());
      at += own.size();
      answers.add(whole ? joined(document, own) : single(document, own));
    }
    return answers;
  }

  private static Answer single(TaskDocument document, List<Score> scores) {
    return new Answer(
        document.number(),
        scores.stream().map(Score::logLikelihood).toList(),
        scores.stream().map(Score::greedy).toList());
  }

  private static Answer joined(TaskDocument document, List<Score> scores) {
    double sum = 0;
    for (Score score : scores) {
      sum += score.logLikelihood();
    }
    boolean greedy = scores.stream().allMatch(Score::greedy);
    return new Answer(document.number(), List.of(sum), List.of(greedy));
  }
}
