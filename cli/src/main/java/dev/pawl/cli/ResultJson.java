package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.db.ResultRow;
import java.util.List;
import java.util.Locale;

/** Results as JSON: an array, one object a run. */
final class ResultJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ResultJson() {}

  static String text(List<ResultRow> rows) {
    ArrayNode array = JSON.createArrayNode();
    for (ResultRow row : rows) {
      ObjectNode object = array.addObject();
      object.put("experiment", row.experiment());
      object.put("run", row.run());
      object.put("model", row.model());
      object.put("parameters", row.parameters());
      object.put("steps", row.steps().orElse(null));
      object.put("train_loss", row.trainLoss().orElse(null));
      object.put("valid_loss", row.validLoss().orElse(null));
      ObjectNode tasks = object.putObject("tasks");
      row.tasks()
          .forEach(
              (task, metrics) -> {
                ObjectNode values = tasks.putObject(task);
                metrics.forEach(values::put);
              });
      ArrayNode generation = object.putArray("generation");
      row.generation()
          .forEach(
              measured ->
                  generation
                      .addObject()
                      .put("prefill_length", measured.prefillLength())
                      .put("decode_length", measured.decodeLength())
                      .put("batch_size", measured.batchSize())
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
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(array) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always writable", e);
    }
  }
}
