package dev.pawl.cli.report;

import dev.pawl.cli.Better;
import dev.pawl.db.report.RunSummary;
import dev.pawl.db.report.Score;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Zero-shot scores with their standard errors. */
final class ScoresSection {
  private static final String TITLE = "Evaluation";

  private ScoresSection() {}

  private record Metric(String task, String metric) {
    String title() {
      return switch (Better.ofMetric(metric)) {
        case LOWER -> "%s %s ↓".formatted(task, metric);
        case HIGHER -> "%s %s ↑".formatted(task, metric);
        case NEITHER -> "%s %s".formatted(task, metric);
      };
    }
  }

  static Section of(ReportData data) {
    if (data.scores().isEmpty()) {
      return new Section("scores", TITLE, List.of(new Part.Paragraph("No run is evaluated yet.")));
    }
    Map<Metric, Map<String, Score>> byMetric = new LinkedHashMap<>();
    for (Score score : data.scores()) {
      byMetric
          .computeIfAbsent(new Metric(score.task(), score.metric()), metric -> new HashMap<>())
          .put(score.runId(), score);
    }
    List<Column> columns = new ArrayList<>(List.of(Column.text("run"), Column.number("step")));
    Map<Metric, OptionalDouble> best = new HashMap<>();
    byMetric.forEach(
        (metric, scores) -> {
          columns.add(Column.number(metric.title()));
          best.put(
              metric,
              Best.of(
                  scores.values().stream().map(each -> OptionalDouble.of(each.value())).toList(),
                  Better.ofMetric(metric.metric())));
        });
    List<List<Cell>> rows = new ArrayList<>();
    for (RunSummary run : data.runs().all()) {
      List<Cell> row = new ArrayList<>();
      String step = "";
      for (Map.Entry<Metric, Map<String, Score>> each : byMetric.entrySet()) {
        Score score = each.getValue().get(run.id());
        if (score == null) {
          row.add(Cell.EMPTY);
          continue;
        }
        step = Words.whole(score.step());
        Cell cell =
            Cell.of(Words.loss(score.value()))
                .best(
                    Best.is(
                        OptionalDouble.of(score.value()),
                        best.getOrDefault(each.getKey(), OptionalDouble.empty())));
        row.add(
            score.stderr().isPresent()
                ? cell.with("± " + Words.loss(score.stderr().getAsDouble()))
                : cell);
      }
      if (!step.isEmpty()) {
        row.add(0, Cell.of(step));
        row.add(0, Cell.of(data.runs().label(run)));
        rows.add(row);
      }
    }
    return new Section(
        "scores",
        TITLE,
        List.of(
            new Part.Paragraph(
                "Zero-shot scores of the newest checkpoint that was evaluated, ± their standard"
                    + " errors; ↑ more is better, ↓ less is."),
            new Part.Shown(new Table("Zero-shot scores", columns, rows)),
            new Part.Folded(tasks(byMetric), false)));
  }

  private static Table tasks(Map<Metric, Map<String, Score>> byMetric) {
    List<List<Cell>> rows = new ArrayList<>();
    byMetric.forEach(
        (metric, scores) -> {
          List<Score> all = List.copyOf(scores.values());
          List<String> documents =
              all.stream().map(score -> Words.whole(score.n())).distinct().sorted().toList();
          List<String> versions = all.stream().map(Score::version).distinct().sorted().toList();
          rows.add(
              List.of(
                  Cell.of(metric.task()),
                  Cell.of(metric.metric()),
                  Cell.of(String.join(", ", versions)),
                  Cell.of(String.join(" or ", documents)),
                  Cell.of(Integer.toString(all.size()))));
        });
    return new Table(
        "The tasks",
        List.of(
            Column.text("task"),
            Column.text("metric"),
            Column.text("version"),
            Column.number("documents"),
            Column.number("runs")),
        rows);
  }
}
