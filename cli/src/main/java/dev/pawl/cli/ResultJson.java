package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.db.ResultRow;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Results as JSON: an array, one object a run. */
final class ResultJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ResultJson() {}

  /**
   * The array.
   *
   * @param configurations those that are known, by the run's id
   */
  static String text(List<ResultRow> rows, Map<String, String> configurations) {
    ArrayNode array = JSON.createArrayNode();
    try {
      for (ResultRow row : rows) {
        run(array.addObject(), row, configurations.get(row.runId()));
      }
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(array) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what is stored as JSON can be read and written", e);
    }
  }

  private static void run(ObjectNode object, ResultRow row, @Nullable String configuration)
      throws JsonProcessingException {
    object.put("experiment", row.experiment());
    object.put("experiment_id", row.experimentId());
    object.put("run", row.run());
    object.put("run_id", row.runId());
    object.put("model", row.model());
    object.put("parameters", row.parameters());
    object.set("point", JSON.readTree(row.pointJson()));
    if (configuration != null) {
      object.set("configuration", JSON.readTree(configuration));
    }
    object.put("steps", row.steps().orElse(null));
    object.put("train_loss", row.trainLoss().orElse(null));
    object.put("valid_loss", row.validLoss().orElse(null));
    ObjectNode tasks = object.putObject("tasks");
    row.tasks().forEach((task, metrics) -> scores(tasks.putObject(task), row, task, metrics));
    ArrayNode generation = object.putArray("generation");
    row.generation()
        .forEach(
            measured ->
                generation
                    .addObject()
                    .put("prefill_length", measured.prefillLength())
                    .put("decode_length", measured.decodeLength())
                    .put("batch_size", measured.batchSize())
                    .put("protocol", measured.protocol())
                    .put("precision", measured.precision())
                    .put("oom", measured.oom())
                    .put("tokens_per_second", measured.tokensPerSecond())
                    .put("max_memory_bytes", measured.maxMemoryBytes()));
    row.checkpoint()
        .ifPresentOrElse(
            checkpoint ->
                object
                    .putObject("checkpoint")
                    .put("step", checkpoint.step())
                    .put("sha256", checkpoint.sha256())
                    .put("path", checkpoint.path()),
            () -> object.putNull("checkpoint"));
    object.put("status", row.status().name().toLowerCase(Locale.ROOT));
    object.put("exact", row.inexact().isEmpty());
    row.inexact().forEach(object.putArray("inexact")::add);
  }

  // As the harness names them: the error of acc is acc_stderr.
  private static void scores(
      ObjectNode values, ResultRow row, String task, Map<String, Double> metrics) {
    metrics.forEach(values::put);
    row.stderrs()
        .getOrDefault(task, Map.of())
        .forEach((metric, stderr) -> values.put(metric + "_stderr", stderr));
    Integer documents = row.documents().get(task);
    if (documents != null) {
      values.put("n", documents);
    }
  }
}
