package dev.pawl.cli.report;

import dev.pawl.cli.GoodputText;
import dev.pawl.db.GoodputRow;
import dev.pawl.db.report.RunSummary;
import dev.pawl.db.report.RunTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Where the runs' time went. */
final class GoodputSection {
  private static final String TITLE = "Goodput";
  private static final int BARS = 40;

  private GoodputSection() {}

  static Section of(ReportData data) {
    Map<String, RunTime> times =
        data.times().stream().collect(Collectors.toMap(RunTime::runId, Function.identity()));
    List<RunSummary> timed =
        data.runs().all().stream().filter(run -> times.containsKey(run.id())).toList();
    if (timed.isEmpty()) {
      return new Section(
          "goodput", TITLE, List.of(new Part.Paragraph("No time of these runs is recorded.")));
    }
    List<Map<String, Object>> bars = new ArrayList<>();
    List<List<Cell>> rows = new ArrayList<>();
    double wall = 0;
    double useful = 0;
    for (RunSummary run : timed) {
      GoodputRow time = times.get(run.id()).time();
      wall += time.wall();
      useful += time.useful();
      if (bars.size() < BARS) {
        Map<String, Object> bar = new LinkedHashMap<>();
        bar.put("name", data.runs().label(run));
        bar.put(
            "seconds",
            List.of(time.useful(), time.redone(), time.saving(), time.waiting(), time.failed()));
        bars.add(bar);
      }
      rows.add(
          List.of(
              Cell.of(data.runs().label(run)),
              Cell.of(Words.percent(time.goodput())),
              duration(time.useful()),
              duration(time.redone()),
              duration(time.saving()),
              duration(time.waiting()),
              duration(time.failed()),
              duration(time.wall())));
    }
    Plot plot =
        new Plot(
            "plot-goodput",
            "goodput",
            "Where the time went",
            "Stacked bars of the shares of useful, redone, saving, waiting and failed time of %s. All together: %s useful."
                .formatted(
                    bars.size() == 1 ? "one run" : bars.size() + " runs",
                    Words.percent(wall == 0 ? 0 : useful / wall)),
            Map.of("runs", bars));
    List<Part> parts = new ArrayList<>();
    parts.add(
        new Part.Paragraph(
            "Every second between a run's creation and its end, by what it was spent on. Useful: work"
                + " that was kept. Redone: work that was lost and is done again. Saving: work stood"
                + " still for a checkpoint or an artifact. Failed: attempts that left nothing."
                + " Waiting: no attempt of this run was at work; a stage that runs share counts for"
                + " the one that executed it."
                + (timed.size() > bars.size()
                    ? " Drawn are the first %d of %d runs.".formatted(bars.size(), timed.size())
                    : "")));
    parts.add(
        new Part.Plots(
            List.of(plot),
            new Table(
                "Where the time went",
                List.of(
                    Column.text("run"),
                    Column.number("goodput"),
                    Column.number("useful"),
                    Column.number("redone"),
                    Column.number("saving"),
                    Column.number("waiting"),
                    Column.number("failed"),
                    Column.number("wall time")),
                rows)));
    return new Section("goodput", TITLE, parts);
  }

  private static Cell duration(double seconds) {
    return Cell.of(GoodputText.duration(seconds));
  }
}
