package dev.pawl.cli;

import dev.pawl.db.GenerationRow;
import dev.pawl.db.ResultRow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Results as a table: a line a run, a column for each task metric and generation shape found. */
final class ResultTable {
  private static final double MEBIBYTE = 1 << 20;

  private ResultTable() {}

  static List<String> header(List<ResultRow> rows) {
    List<String> header =
        new ArrayList<>(
            List.of("experiment", "run", "parameters", "steps", "train_loss", "valid_loss"));
    header.addAll(metrics(rows));
    for (String shape : shapes(rows)) {
      header.add("tokens/s " + shape);
    }
    header.add("peak_memory_MiB");
    header.add("status");
    if (rows.stream().anyMatch(row -> !row.inexact().isEmpty())) {
      header.add("exact");
    }
    return header;
  }

  /**
   * The lines of the table.
   *
   * @param exact every digit and no separators, for programs
   */
  static List<List<String>> rows(List<ResultRow> rows, boolean exact) {
    Set<String> metrics = metrics(rows);
    Set<String> shapes = shapes(rows);
    List<List<String>> table = new ArrayList<>();
    for (ResultRow row : rows) {
      List<String> line = new ArrayList<>();
      line.add(row.experiment());
      line.add(row.run());
      line.add(String.format(Locale.ROOT, exact ? "%d" : "%,d", row.parameters()));
      line.add(row.steps().map(String::valueOf).orElse(""));
      line.add(number(row.trainLoss(), "%.4f", exact));
      line.add(number(row.validLoss(), "%.4f", exact));
      for (String metric : metrics) {
        String[] parts = metric.split("\\.", 2);
        line.add(
            number(
                Optional.ofNullable(row.tasks().get(parts[0])).map(task -> task.get(parts[1])),
                parts[1].equals("perplexity") ? "%.2f" : "%.4f",
                exact));
      }
      for (String shape : shapes) {
        line.add(
            number(
                row.generation().stream()
                    .filter(generation -> shape(generation).equals(shape))
                    .map(GenerationRow::tokensPerSecond)
                    .findFirst(),
                "%.1f",
                exact));
      }
      line.add(
          number(
              row.generation().stream()
                  .map(generation -> generation.maxMemoryBytes() / MEBIBYTE)
                  .max(Double::compare),
              "%.0f",
              exact));
      line.add(row.status().name());
      if (rows.stream().anyMatch(each -> !each.inexact().isEmpty())) {
        line.add(row.inexact().isEmpty() ? "yes" : "no");
      }
      table.add(line);
    }
    return table;
  }

  private static Set<String> metrics(List<ResultRow> rows) {
    Set<String> found = new LinkedHashSet<>();
    rows.forEach(
        row ->
            row.tasks()
                .forEach(
                    (task, values) -> values.keySet().forEach(m -> found.add(task + "." + m))));
    return found;
  }

  private static Set<String> shapes(List<ResultRow> rows) {
    Set<String> found = new LinkedHashSet<>();
    rows.forEach(row -> row.generation().forEach(generation -> found.add(shape(generation))));
    return found;
  }

  // Prompt tokens / new tokens x prompts at a time.
  private static String shape(GenerationRow row) {
    return "%d/%dx%d".formatted(row.prefillLength(), row.decodeLength(), row.batchSize());
  }

  private static String number(Optional<Double> value, String format, boolean exact) {
    String wanted = exact ? "%s" : format;
    return value.map(found -> String.format(Locale.ROOT, wanted, found)).orElse("");
  }
}
