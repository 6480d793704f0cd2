package dev.pawl.cli;

import dev.pawl.cli.ResultColumn.Role;
import dev.pawl.db.GenerationRow;
import dev.pawl.db.ResultRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** All columns that the results of some runs have. */
final class ResultColumns {
  private static final double MEBIBYTE = 1 << 20;
  private static final String LOSS = "%.4f";

  /** Units of settings whose names do not say them. */
  private static final Map<String, String> UNITS =
      Map.ofEntries(
          Map.entry("max_length", "tokens"),
          Map.entry("block_length", "tokens"),
          Map.entry("total_batch_size", "samples"),
          Map.entry("per_device_train_batch_size", "samples"),
          Map.entry("valid_samples", "samples"),
          Map.entry("num_train_steps", "steps"),
          Map.entry("stop_steps", "steps"),
          Map.entry("num_warmup_steps", "steps"),
          Map.entry("save_steps", "steps"),
          Map.entry("valid_steps", "steps"),
          Map.entry("peak_flops", "FLOP/s"));

  private final List<ResultRow> rows;
  private final Map<String, Map<String, Object>> settings;
  private final List<ResultColumn> columns = new ArrayList<>();

  private ResultColumns(List<ResultRow> rows, Map<String, Map<String, Object>> settings) {
    this.rows = rows;
    this.settings = settings;
  }

  /**
   * The columns in order.
   *
   * @param settings the values of keys that may become columns, by the run's id
   */
  static List<ResultColumn> of(List<ResultRow> rows, Map<String, Map<String, Object>> settings) {
    ResultColumns made = new ResultColumns(rows, settings);
    made.facts();
    made.settings();
    made.losses();
    made.scores();
    made.generation();
    made.standing();
    return made.columns;
  }

  private void facts() {
    add("experiment", "experiment", Role.FACT, row -> Optional.of(row.experiment()));
    add("run", "run", Role.NAME, row -> Optional.of(row.run()));
    add("parameters", "parameters", Role.FACT, row -> Optional.of(row.parameters()));
    add("steps", "steps", Role.FACT, row -> row.steps().map(Object.class::cast));
  }

  private void settings() {
    Set<String> keys = new LinkedHashSet<>();
    rows.forEach(row -> keys.addAll(settings.getOrDefault(row.runId(), Map.of()).keySet()));
    Map<String, String> names = SettingKeys.shortest(keys);
    for (String key : keys) {
      String last = key.substring(key.lastIndexOf('.') + 1);
      String unit = UNITS.containsKey(last) ? " [" + UNITS.get(last) + "]" : "";
      add(
          key,
          names.get(key) + unit,
          Role.SETTING,
          row -> Optional.ofNullable(settings.getOrDefault(row.runId(), Map.of()).get(key)));
    }
  }

  private void losses() {
    score("train_loss", "train_loss [nats]", Better.LOWER, LOSS, ResultRow::trainLoss);
    score("valid_loss", "valid_loss [nats]", Better.LOWER, LOSS, ResultRow::validLoss);
  }

  private void scores() {
    Map<String, Set<String>> metrics = new LinkedHashMap<>();
    rows.forEach(
        row ->
            row.tasks()
                .forEach(
                    (task, values) ->
                        metrics
                            .computeIfAbsent(task, name -> new LinkedHashSet<>())
                            .addAll(values.keySet())));
    metrics.forEach(
        (task, names) -> {
          for (String metric : names) {
            columns.add(
                new ResultColumn(
                    task + "." + metric,
                    task + "." + metric + (metric.equals("bits_per_byte") ? " [bits]" : ""),
                    Role.SCORE,
                    Better.ofMetric(metric),
                    metric.endsWith("perplexity") ? "%.2f" : LOSS,
                    row -> of(row.tasks(), task, metric).map(Object.class::cast),
                    row -> of(row.stderrs(), task, metric)));
          }
          add(
              task + ".documents",
              task + ".documents",
              Role.DETAIL,
              row -> Optional.ofNullable(row.documents().get(task)).map(Integer::longValue));
        });
  }

  private static Optional<Double> of(
      Map<String, Map<String, Double>> tasks, String task, String metric) {
    return Optional.ofNullable(tasks.getOrDefault(task, Map.of()).get(metric));
  }

  private void generation() {
    Set<String> shapes = new LinkedHashSet<>();
    rows.forEach(row -> row.generation().forEach(each -> shapes.add(shape(each))));
    boolean protocols = distinct(GenerationRow::protocol) > 1;
    boolean precisions = distinct(GenerationRow::precision) > 1;
    Map<String, String> labels = new LinkedHashMap<>();
    for (ResultRow row : rows) {
      for (GenerationRow each : row.generation()) {
        labels.put(
            key(each),
            shape(each)
                + (protocols ? " " + each.protocol() : "")
                + (precisions ? " " + each.precision() : ""));
      }
    }
    labels.forEach(
        (key, label) ->
            columns.add(
                new ResultColumn(
                    "tokens/s " + label,
                    "tokens/s " + label,
                    Role.SCORE,
                    Better.HIGHER,
                    "%.1f",
                    row -> measured(row, key).map(ResultColumns::speed),
                    row -> Optional.empty())));
    score(
        "peak_memory_MiB",
        "peak_memory [MiB]",
        Better.LOWER,
        "%.0f",
        row ->
            row.generation().stream()
                .filter(each -> !each.oom())
                .map(each -> each.maxMemoryBytes() / MEBIBYTE)
                .max(Double::compare));
    labels.forEach(
        (key, label) ->
            add(
                "bytes " + label,
                "peak memory " + label + " [bytes]",
                Role.DETAIL,
                row ->
                    measured(row, key)
                        .filter(each -> !each.oom())
                        .map(GenerationRow::maxMemoryBytes)));
  }

  private static Object speed(GenerationRow row) {
    return row.oom() ? "oom" : (Object) row.tokensPerSecond();
  }

  private long distinct(Function<GenerationRow, String> part) {
    return rows.stream().flatMap(row -> row.generation().stream()).map(part).distinct().count();
  }

  private static Optional<GenerationRow> measured(ResultRow row, String key) {
    return row.generation().stream().filter(each -> key(each).equals(key)).findFirst();
  }

  // Prompt tokens / new tokens x prompts at a time.
  private static String shape(GenerationRow row) {
    return row.prefillLength() + "/" + row.decodeLength() + "x" + row.batchSize();
  }

  private static String key(GenerationRow row) {
    return shape(row) + " " + row.protocol() + " " + row.precision();
  }

  private void standing() {
    add("status", "status", Role.FACT, row -> Optional.of(row.status().name()));
    add("architecture", "architecture", Role.DETAIL, row -> Optional.of(row.model()));
    add("run_id", "run_id", Role.DETAIL, row -> Optional.of(row.runId()));
    add("experiment_id", "experiment_id", Role.DETAIL, row -> Optional.of(row.experimentId()));
    add(
        "checkpoint_sha256",
        "checkpoint_sha256",
        Role.DETAIL,
        row -> row.checkpoint().map(checkpoint -> checkpoint.sha256()));
    add(
        "exact",
        "exact",
        rows.stream().allMatch(row -> row.inexact().isEmpty()) ? Role.DETAIL : Role.NAME,
        row -> Optional.of(row.inexact().isEmpty() ? "yes" : "no"));
  }

  private void add(
      String name, String heading, Role role, Function<ResultRow, Optional<Object>> value) {
    columns.add(
        new ResultColumn(
            name, heading, role, Better.NEITHER, LOSS, value, row -> Optional.empty()));
  }

  private void score(
      String name,
      String heading,
      Better better,
      String format,
      Function<ResultRow, Optional<Double>> value) {
    columns.add(
        new ResultColumn(
            name,
            heading,
            Role.SCORE,
            better,
            format,
            row -> value.apply(row).map(Object.class::cast),
            row -> Optional.empty()));
  }
}
