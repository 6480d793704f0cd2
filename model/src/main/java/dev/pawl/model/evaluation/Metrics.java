package dev.pawl.model.evaluation;

import dev.pawl.model.config.TaskKind;
import dev.pawl.model.config.TaskMetric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Metrics with standard errors, as lm-evaluation-harness and Megatron compute them. */
final class Metrics {
  /** Megatron's bound before the exponential. */
  private static final double LARGEST_EXPONENT = 20;

  private final PreparedTask task;
  private final List<Answer> answers;

  private Metrics(PreparedTask task, List<Answer> answers) {
    this.task = task;
    this.answers = answers;
  }

  /** The metrics that a task asks for, in its order. */
  static List<MetricValue> of(PreparedTask task, List<Answer> answers) {
    Metrics metrics = new Metrics(task, answers);
    List<MetricValue> values = new ArrayList<>();
    task.definition().metrics().forEach(metric -> values.add(metrics.value(metric)));
    return values;
  }

  private MetricValue value(TaskMetric metric) {
    boolean windows = task.definition().kind() == TaskKind.WINDOWS;
    return switch (metric) {
      case ACC -> mean(metric, hits(false));
      case ACC_NORM -> mean(metric, hits(true));
      case PERPLEXITY -> windows ? plain(metric, Math.exp(bounded(loss()))) : perplexity(metric);
      case WORD_PERPLEXITY -> plain(metric, Math.exp(-sum() / words()));
      case BYTE_PERPLEXITY -> plain(metric, Math.exp(-sum() / bytes()));
      case BITS_PER_BYTE -> plain(metric, -sum() / bytes() / Math.log(2));
      case LOSS -> plain(metric, loss());
      case TOKEN_RATIO -> plain(metric, ratio());
      case ADJUSTED_PERPLEXITY -> plain(metric, Math.exp(bounded(loss() * ratio())));
    };
  }

  private static MetricValue plain(TaskMetric metric, double value) {
    return named(metric, value, null);
  }

  private static MetricValue mean(TaskMetric metric, double[] values) {
    return named(metric, Statistics.mean(values), Statistics.stderr(values));
  }

  private static MetricValue named(TaskMetric metric, double value, @Nullable Double stderr) {
    return new MetricValue(metric.name().toLowerCase(Locale.ROOT), value, stderr);
  }

  private MetricValue perplexity(TaskMetric metric) {
    double[] values = logLikelihoods();
    return named(metric, Math.exp(-Statistics.mean(values)), Statistics.perplexityStderr(values));
  }

  private double[] hits(boolean normalised) {
    double[] hits = new double[answers.size()];
    for (int i = 0; i < hits.length; i++) {
      Answer answer = answers.get(i);
      TaskDocument document = task.documents().get(i);
      hits[i] =
          switch (task.definition().kind()) {
            case MULTIPLE_CHOICE -> document.gold().get(best(answer, document, normalised)) ? 1 : 0;
            case TRUE_CHOICES -> trueProbability(answer, document);
            default -> answer.greedy().get(0) ? 1 : 0;
          };
    }
    return hits;
  }

  // The first of the largest.
  private static int best(Answer answer, TaskDocument document, boolean normalised) {
    int best = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < answer.logLikelihoods().size(); i++) {
      double value = answer.logLikelihoods().get(i);
      double compared = normalised ? value / document.characters().get(i) : value;
      if (compared > most) {
        most = compared;
        best = i;
      }
    }
    return best;
  }

  private static double trueProbability(Answer answer, TaskDocument document) {
    double right = 0;
    double all = 0;
    for (int i = 0; i < answer.logLikelihoods().size(); i++) {
      double probability = Math.exp(answer.logLikelihoods().get(i));
      all += probability;
      right += document.gold().get(i) ? probability : 0;
    }
    return right / all;
  }

  private double[] logLikelihoods() {
    return answers.stream().mapToDouble(answer -> answer.logLikelihoods().get(0)).toArray();
  }

  private double sum() {
    return Arrays.stream(logLikelihoods()).sum();
  }

  private double words() {
    return task.documents().stream().mapToLong(TaskDocument::words).sum();
  }

  private double bytes() {
    return task.documents().stream().mapToLong(TaskDocument::bytes).sum();
  }

  private double predictedTokens() {
    long tokens = 0;
    for (TaskDocument window : task.documents()) {
      tokens += window.requests().get(0).continuation().length;
    }
    return tokens;
  }

  private double loss() {
    return -sum() / predictedTokens();
  }

  // Every window carries the count of the whole file.
  private double ratio() {
    return predictedTokens() / (task.documents().get(0).words() - 1);
  }

  private static double bounded(double exponent) {
    return Math.min(LARGEST_EXPONENT, exponent);
  }
}
