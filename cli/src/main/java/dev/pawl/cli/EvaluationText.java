package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.model.evaluation.Answer;
import dev.pawl.model.evaluation.MetricValue;
import dev.pawl.model.evaluation.PreparedTask;
import dev.pawl.model.evaluation.TaskResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The results of an evaluation as text. */
final class EvaluationText {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BOOTSTRAP_ITERATIONS = 100_000;

  private EvaluationText() {}

  /** As the user asks for it. */
  static String results(List<TaskResult> results, Format format) {
    if (format == Format.json) {
      Map<String, Object> tasks = new LinkedHashMap<>();
      for (TaskResult result : results) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (MetricValue metric : result.metrics()) {
          values.put(metric.metric(), metric.value());
          if (metric.stderr() != null) {
            values.put(metric.metric() + "_stderr", metric.stderr());
          }
        }
        values.put("n", result.documents());
        tasks.put(result.task(), values);
      }
      return JsonText.of(Map.of("tasks", tasks));
    }
    boolean exact = format == Format.csv;
    List<List<String>> rows = new ArrayList<>();
    for (TaskResult result : results) {
      for (MetricValue metric : result.metrics()) {
        Double stderr = metric.stderr();
        rows.add(
            List.of(
                result.task(),
                result.version(),
                metric.metric(),
                number(metric.value(), exact),
                stderr == null ? "" : number(stderr, exact),
                Integer.toString(result.documents())));
      }
    }
    return format.rows(List.of("task", "version", "metric", "value", "stderr", "n"), rows);
  }

  private static String number(double value, boolean exact) {
    return exact ? Double.toString(value) : String.format(Locale.ROOT, "%.4f", value);
  }

  /** One line a document. */
  static String documents(List<TaskResult> results) {
    StringBuilder text = new StringBuilder();
    for (TaskResult result : results) {
      for (Answer answer : result.answers()) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("task", result.task());
        line.put("document", answer.document());
        line.put("log_likelihoods", answer.logLikelihoods());
        line.put("greedy", answer.greedy());
        try {
          text.append(JSON.writeValueAsString(line)).append('\n');
        } catch (JsonProcessingException e) {
          throw new IllegalStateException("plain values are always writable", e);
        }
      }
    }
    return text.toString();
  }

  /**
   * The results file of lm-evaluation-harness.
   *
   * @param config what is said of the evaluation as a whole
   */
  static String harness(
      List<TaskResult> results, List<PreparedTask> tasks, Map<String, Object> config) {
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, Object> configs = new LinkedHashMap<>();
    Map<String, Object> versions = new LinkedHashMap<>();
    Map<String, Object> shots = new LinkedHashMap<>();
    for (int i = 0; i < results.size(); i++) {
      TaskResult result = results.get(i);
      Map<String, Object> metrics = new LinkedHashMap<>();
      for (MetricValue metric : result.metrics()) {
        Double stderr = metric.stderr();
        metrics.put(metric.metric() + ",none", metric.value());
        metrics.put(metric.metric() + "_stderr,none", stderr == null ? "N/A" : stderr);
      }
      metrics.put("alias", result.task());
      values.put(result.task(), metrics);
      configs.put(result.task(), CanonicalJson.tree(tasks.get(i).definition()));
      versions.put(result.task(), Double.valueOf(result.version()));
      shots.put(result.task(), 0);
    }
    Map<String, Object> whole = new LinkedHashMap<>(config);
    whole.put("bootstrap_iters", BOOTSTRAP_ITERATIONS);
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("results", values);
    file.put("configs", configs);
    file.put("versions", versions);
    file.put("n-shot", shots);
    file.put("config", whole);
    file.put("git_hash", "pawl " + Machines.codeVersion());
    return JsonText.of(file);
  }
}
