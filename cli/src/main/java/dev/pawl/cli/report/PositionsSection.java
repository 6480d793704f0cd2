package dev.pawl.cli.report;

import dev.pawl.db.report.PositionLoss;
import dev.pawl.db.report.RunSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Loss by position within a block, of block models. */
final class PositionsSection {
  private static final String TITLE = "Position losses";

  private PositionsSection() {}

  static Section of(ReportData data) {
    Map<String, List<PositionLoss>> byRun =
        data.positionLosses().stream().collect(Collectors.groupingBy(PositionLoss::runId));
    if (byRun.isEmpty()) {
      return new Section(
          "positions",
          TITLE,
          List.of(
              new Part.Paragraph(
                  "No run here has blocks: a loss by position within a block is recorded of block"
                      + " models alone.")));
    }
    List<Map<String, Object>> lines = new ArrayList<>();
    List<List<Cell>> rows = new ArrayList<>();
    for (RunSummary run : data.drawn()) {
      List<PositionLoss> losses = byRun.getOrDefault(run.id(), List.of());
      if (losses.isEmpty()) {
        continue;
      }
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("name", data.runs().label(run));
      line.put("positions", losses.stream().map(PositionLoss::position).toList());
      line.put("values", losses.stream().map(PositionLoss::loss).toList());
      lines.add(line);
      for (PositionLoss loss : losses) {
        rows.add(
            List.of(
                Cell.of(data.runs().label(run)),
                Cell.of(Integer.toString(loss.position())),
                Cell.of(Words.loss(loss.loss())),
                Cell.of(Words.loss(loss.deviation())),
                Cell.of(Words.whole(loss.steps()))));
      }
    }
    Plot plot =
        new Plot(
            "plot-positions",
            "positions",
            "Training loss by position in the block",
            "Lines of the mean training loss, in nats a token, over the positions within a block, of %s."
                .formatted(lines.size() == 1 ? "one run" : lines.size() + " runs"),
            Map.of("runs", lines));
    Table table =
        new Table(
            "Training loss by position in the block",
            List.of(
                Column.text("run"),
                Column.number("position"),
                Column.number("loss"),
                Column.number("standard deviation over steps"),
                Column.number("steps")),
            rows);
    return new Section(
        "positions",
        TITLE,
        List.of(
            new Part.Paragraph(
                "The mean over the last tenth of the training steps. The first token of a block is"
                    + " told from the block's context alone; each later one sees those before it."),
            new Part.Plots(List.of(plot), table)));
  }
}
