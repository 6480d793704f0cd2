package dev.pawl.cli.report;

import dev.pawl.cli.GoodputText;
import dev.pawl.db.report.Curve;
import dev.pawl.db.report.RunSummary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Training and validation loss over steps, tokens and time. */
final class CurvesSection {
  /** Points of a run in the table behind the plot. */
  private static final int ROWS = 10;

  private static final double SIGNIFICANT = 1e5;

  private CurvesSection() {}

  static Section of(ReportData data) {
    Map<String, Curve> train = data.curves(ReportData.TRAIN_LOSS);
    Map<String, Curve> valid = data.curves(ReportData.VALID_LOSS);
    if (train.isEmpty() && valid.isEmpty()) {
      return new Section(
          "curves", "Loss curves", List.of(new Part.Paragraph("No loss is recorded yet.")));
    }
    List<Map<String, Object>> lines = new ArrayList<>();
    for (RunSummary run : data.drawn()) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("name", data.runs().label(run));
      put(line, "train", train.get(run.id()), data.progressOf(run));
      put(line, "valid", valid.get(run.id()), data.progressOf(run));
      if (line.size() > 1) {
        lines.add(line);
      }
    }
    Plot plot =
        new Plot(
            "plot-curves",
            "curves",
            "Loss over training",
            "Lines of training and validation loss, in nats a predicted token, of %s over the training."
                    .formatted(lines.size() == 1 ? "one run" : lines.size() + " runs")
                + ends(data),
            Map.of("runs", lines));
    List<Part> parts = new ArrayList<>();
    parts.add(
        new Part.Paragraph(
            "Thin lines are the training loss of single steps, thick lines with marks the validation"
                + " loss. Time is that of the training steps alone, without saving and validation."
                + (data.runs().all().size() > data.drawn().size()
                    ? " Drawn are the %d runs with the least validation losses."
                        .formatted(data.drawn().size())
                    : "")));
    parts.add(new Part.Plots(List.of(plot), table(data, train, valid)));
    return new Section("curves", "Loss curves", parts);
  }

  private static String ends(ReportData data) {
    StringBuilder words = new StringBuilder();
    data.drawn().stream()
        .limit(3)
        .forEach(
            run ->
                Runs.metric(run, ReportData.VALID_LOSS)
                    .ifPresent(
                        loss ->
                            words.append(
                                " %s ends at a validation loss of %s."
                                    .formatted(data.runs().label(run), Words.loss(loss)))));
    return words.toString();
  }

  private static void put(
      Map<String, Object> line, String name, @Nullable Curve curve, Progress progress) {
    if (curve == null) {
      return;
    }
    List<Double> tokens = new ArrayList<>();
    List<Double> seconds = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < curve.steps().size(); i++) {
      tokens.add(shortened(progress.tokens(curve.steps().get(i))));
      seconds.add(shortened(progress.seconds(curve.steps().get(i))));
      values.add(shortened(curve.values().get(i)));
    }
    Map<String, Object> points = new HashMap<>();
    points.put("steps", curve.steps());
    points.put("tokens", tokens);
    points.put("seconds", seconds);
    points.put("values", values);
    line.put(name, points);
  }

  /** Six digits are more than can be seen, and fewer bytes of page; what is no number is null. */
  private static @Nullable Double shortened(double value) {
    if (!Double.isFinite(value)) {
      return null;
    }
    if (value == 0) {
      return 0.0;
    }
    double scale = Math.pow(10, Math.floor(Math.log10(Math.abs(value)))) / SIGNIFICANT;
    return scale < 1
        ? Math.round(value / scale) / Math.rint(1 / scale)
        : Math.round(value / scale) * scale;
  }

  private static Table table(ReportData data, Map<String, Curve> train, Map<String, Curve> valid) {
    List<List<Cell>> rows = new ArrayList<>();
    for (RunSummary run : data.drawn()) {
      Curve thin = train.get(run.id());
      Curve thick = valid.get(run.id());
      Curve along = thick != null ? thick : thin;
      if (along == null) {
        continue;
      }
      Progress progress = data.progressOf(run);
      int points = along.steps().size();
      int every = Math.max(1, (points + ROWS - 1) / ROWS);
      for (int i = (points - 1) % every; i < points; i += every) {
        long step = along.steps().get(i);
        double seconds = progress.seconds(step);
        rows.add(
            List.of(
                Cell.of(data.runs().label(run)),
                Cell.of(Words.whole(step)),
                Cell.of(Words.count(progress.tokens(step))),
                Cell.of(Double.isNaN(seconds) ? "" : GoodputText.duration(seconds)),
                Cell.of(thin == null ? "" : at(thin, step)),
                Cell.of(thick == null ? "" : at(thick, step))));
      }
    }
    return new Table(
        "Losses along the training",
        List.of(
            Column.text("run"),
            Column.number("step"),
            Column.number("tokens"),
            Column.number("training time"),
            Column.number("train_loss"),
            Column.number("valid_loss")),
        rows);
  }

  /** The value at a step, or at the last one before it that was kept. */
  private static String at(Curve curve, long step) {
    String found = "";
    for (int i = 0; i < curve.steps().size() && curve.steps().get(i) <= step; i++) {
      found = Words.loss(curve.values().get(i));
    }
    return found;
  }
}
