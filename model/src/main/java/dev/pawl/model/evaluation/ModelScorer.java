package dev.pawl.model.evaluation;

import dev.pawl.model.generation.SequenceScorer;
import dev.pawl.model.generation.SequenceScorer.TokenScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/** Scores requests with a model; contexts too long for it lose their beginning. */
public final class ModelScorer implements Scorer {
  private static final int PORTION = 64;

  private final SequenceScorer scorer;
  private final int maxLength;
  private final IntConsumer done;

  /**
   * A scorer over a model.
   *
   * @param maxLength tokens that the model was trained on at a time
   * @param done hears how many more requests are scored; may throw to stop
   */
  public ModelScorer(SequenceScorer scorer, int maxLength, IntConsumer done) {
    this.scorer = scorer;
    this.maxLength = maxLength;
    this.done = done;
  }

  @Override
  public List<Score> score(List<Request> requests) {
    List<Score> scores = new ArrayList<>();
    for (int start = 0; start < requests.size(); start += PORTION) {
      List<Request> portion = requests.subList(start, Math.min(start + PORTION, requests.size()));
      List<TokenScores> found = scorer.score(portion.stream().map(this::sequence).toList());
      for (int i = 0; i < portion.size(); i++) {
        scores.add(sum(found.get(i), portion.get(i).continuation().length));
      }
      done.accept(portion.size());
    }
    return scores;
  }

  // The last max_length + 1 tokens: the model reads all but the last, which is only predicted.
  private int[] sequence(Request request) {
    int[] context = request.context();
    int[] continuation = request.continuation();
    int[] all = Arrays.copyOf(context, context.length + continuation.length);
    System.arraycopy(continuation, 0, all, context.length, continuation.length);
    return Arrays.copyOfRange(all, Math.max(0, all.length - maxLength - 1), all.length);
  }

  // Tokens that nothing predicts (the first block in unpadded mode) do not count, as published.
  private static Score sum(TokenScores scores, int count) {
    double sum = 0;
    boolean greedy = true;
    int length = scores.logProbabilities().length;
    for (int i = Math.max(0, length - count); i < length; i++) {
      if (!Double.isNaN(scores.logProbabilities()[i])) {
        sum += scores.logProbabilities()[i];
        greedy &= scores.greedy()[i];
      }
    }
    return new Score(sum, greedy);
  }
}
