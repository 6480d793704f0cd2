package dev.pawl.cli.report;

import dev.pawl.db.report.RunSummary;
import dev.pawl.db.report.Speed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Generation speed against validation loss: one plot for each shape that was measured. */
final class SpeedSection {
  private static final String TITLE = "Throughput against loss";
  private static final int PLOTS = 6;

  private SpeedSection() {}

  /** Rows that may be compared with each other. */
  private record Shape(int prefill, int decode, String protocol, String precision) {
    static Shape of(Speed row) {
      return new Shape(row.prefillLength(), row.decodeLength(), row.protocol(), row.precision());
    }
  }

  static Section of(ReportData data) {
    if (data.speeds().isEmpty()) {
      return new Section(
          "speed", TITLE, List.of(new Part.Paragraph("No generation speed is measured yet.")));
    }
    Map<Shape, List<Speed>> shapes = new LinkedHashMap<>();
    for (Speed row : data.speeds()) {
      shapes.computeIfAbsent(Shape.of(row), shape -> new ArrayList<>()).add(row);
    }
    List<Plot> plots = new ArrayList<>();
    shapes.forEach(
        (shape, rows) -> {
          if (plots.size() < PLOTS && rows.stream().anyMatch(row -> row.validLoss().isPresent())) {
            plots.add(plot(data, rows, plots.size()));
          }
        });
    List<Part> parts = new ArrayList<>();
    parts.add(
        new Part.Paragraph(
            "New tokens a second, of all prompts of a batch together, against the validation loss;"
                + " 112/16 is 112 prompt and 16 new tokens a sequence."
                + " Up and to the left is better; the line is the Pareto front, the runs that no"
                + " other one beats in both. Of each run the fastest batch size is drawn. Circles are"
                + " vanilla models, diamonds block models; larger marks have more parameters."));
    if (shapes.size() > plots.size()) {
      parts.add(
          new Part.Paragraph(
              "Drawn are %d of %d shapes; the table has all."
                  .formatted(plots.size(), shapes.size())));
    }
    parts.add(new Part.Plots(plots, table(data)));
    return new Section("speed", TITLE, parts);
  }

  private static Plot plot(ReportData data, List<Speed> rows, int number) {
    Map<String, RunSummary> summaries =
        data.runs().all().stream().collect(Collectors.toMap(RunSummary::id, Function.identity()));
    Map<String, Speed> best = new LinkedHashMap<>();
    for (Speed row : rows) {
      if (row.validLoss().isPresent()) {
        best.merge(
            row.runId(),
            row,
            (one, other) -> one.tokensPerSecond() >= other.tokensPerSecond() ? one : other);
      }
    }
    List<Map<String, Object>> points = new ArrayList<>();
    best.values()
        .forEach(
            row -> {
              RunSummary run = summaries.get(row.runId());
              Map<String, Object> point = new LinkedHashMap<>();
              point.put("name", data.runs().label(row.runId()));
              point.put("model", run == null ? "" : run.model());
              point.put("parameters", run == null ? 0 : run.parameters());
              point.put("loss", row.validLoss().orElseThrow());
              point.put("speed", row.tokensPerSecond());
              point.put("batch", row.batchSize());
              points.add(point);
            });
    Speed first = rows.get(0);
    Speed fastest =
        best.values().stream()
            .max(Comparator.comparingDouble(Speed::tokensPerSecond))
            .orElse(first);
    String shape =
        "%s, %d/%d tokens (%s, %s)"
            .formatted(
                capital(Words.emphasis(first)),
                first.prefillLength(),
                first.decodeLength(),
                first.protocol(),
                first.precision());
    return new Plot(
        "plot-speed-" + number,
        "speeds",
        shape,
        "Points of new tokens a second over validation loss for %d runs. The fastest is %s with %s tokens a second."
            .formatted(
                points.size(),
                data.runs().label(fastest.runId()),
                Words.rate(fastest.tokensPerSecond())),
        Map.of("points", points));
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  private static Table table(ReportData data) {
    Map<String, RunSummary> summaries =
        data.runs().all().stream().collect(Collectors.toMap(RunSummary::id, Function.identity()));
    List<List<Cell>> rows = new ArrayList<>();
    for (Speed row : data.speeds()) {
      RunSummary run = summaries.get(row.runId());
      rows.add(
          List.of(
              Cell.of(data.runs().label(row.runId())),
              Cell.of(run == null ? "" : run.model()),
              Cell.of(run == null ? "" : Words.count(run.parameters())),
              Cell.of(Integer.toString(row.prefillLength())),
              Cell.of(Integer.toString(row.decodeLength())),
              Cell.of(Integer.toString(row.batchSize())),
              Cell.of(row.protocol() + ", " + row.precision()),
              Cell.of(row.validLoss().isPresent() ? Words.loss(row.validLoss().getAsDouble()) : ""),
              Cell.of(Words.rate(row.tokensPerSecond())),
              Cell.of(row.dominated() || row.validLoss().isEmpty() ? "" : "yes")));
    }
    return new Table(
        "Generation speed by run and shape",
        List.of(
            Column.text("run"),
            Column.text("model"),
            Column.number("parameters"),
            Column.number("prompt tokens"),
            Column.number("new tokens"),
            Column.number("batch size"),
            Column.text("protocol"),
            Column.number("valid_loss"),
            Column.number("tokens/s"),
            Column.text("on the front")),
        rows);
  }
}
