package dev.pawl.model.evaluation;

import dev.pawl.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs a task as lm-evaluation-harness does (block-transformer.md 6.1, 6.2). */
public final class Evaluation {
  private Evaluation() {}

  /** Scores all documents of a task. */
  public static TaskResult run(
      String task,
      TaskKind kind,
      List<TaskDocument> documents,
      Tokenizer tokenizer,
      Scorer scorer) {
    List<Request> requests = new ArrayList<>();
    for (TaskDocument document : documents) {
      for (String continuation : document.continuations()) {
        requests.add(request(document.context(), continuation, tokenizer));
      }
    }
    List<Score> scores = scorer.score(requests);
    return new TaskResult(
        task, documents.size(), kind == TaskKind.CLOZE ? cloze(scores) : choice(documents, scores));
  }

  /** Trailing spaces of the context move to the continuation; the pair is encoded as one text. */
  static Request request(String context, String continuation, Tokenizer tokenizer) {
    String stripped = context.stripTrailing();
    String moved = context.substring(stripped.length()) + continuation;
    int[] whole = tokenizer.encode(stripped + moved);
    int[] before = tokenizer.encode(stripped);
    int[] rest = Arrays.copyOfRange(whole, Math.min(before.length, whole.length), whole.length);
    return new Request(before.length == 0 ? new int[] {tokenizer.endOfText()} : before, rest);
  }

  private static List<MetricValue> cloze(List<Score> scores) {
    double[] hits = scores.stream().mapToDouble(score -> score.greedy() ? 1 : 0).toArray();
    double[] logLikelihoods = scores.stream().mapToDouble(Score::logLikelihood).toArray();
    double perplexity = Math.exp(-mean(logLikelihoods));
    // The standard error of exp(-mean) to first order.
    return List.of(
        new MetricValue("acc", mean(hits), stderr(hits)),
        new MetricValue("perplexity", perplexity, perplexity * stderr(logLikelihoods)));
  }

  private static List<MetricValue> choice(List<TaskDocument> documents, List<Score> scores) {
    double[] hits = new double[documents.size()];
    double[] normalisedHits = new double[documents.size()];
    int at = 0;
    for (int i = 0; i < hits.length; i++) {
      TaskDocument document = documents.get(i);
      int best = 0;
      int normalisedBest = 0;
      double[] plain = new double[document.continuations().size()];
      double[] normalised = new double[plain.length];
      for (int j = 0; j < plain.length; j++) {
        plain[j] = scores.get(at++).logLikelihood();
        // Characters of the choice itself, without the space before it.
        String choice = document.continuations().get(j).substring(1);
        normalised[j] = plain[j] / choice.codePointCount(0, choice.length());
        best = plain[j] > plain[best] ? j : best;
        normalisedBest = normalised[j] > normalised[normalisedBest] ? j : normalisedBest;
      }
      hits[i] = best == document.gold() ? 1 : 0;
      normalisedHits[i] = normalisedBest == document.gold() ? 1 : 0;
    }
    return List.of(
        new MetricValue("acc", mean(hits), stderr(hits)),
        new MetricValue("acc_norm", mean(normalisedHits), stderr(normalisedHits)));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** Sample standard deviation over the root of the count; 0 for a single value. */
  private static double stderr(double[] values) {
    if (values.length < 2) {
      return 0;
    }
    double mean = mean(values);
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares / (values.length - 1) / values.length);
  }
}
