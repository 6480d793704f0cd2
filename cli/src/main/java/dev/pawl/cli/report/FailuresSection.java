package dev.pawl.cli.report;

import dev.pawl.cli.GoodputText;
import dev.pawl.db.RunStatus;
import dev.pawl.db.report.FailureRow;
import dev.pawl.db.report.Remark;
import dev.pawl.db.report.RunSummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What failed on the way, what did not end, and what turned out other than it should be. */
final class FailuresSection {
  private static final Set<RunStatus> WELL =
      Set.of(
          RunStatus.DONE,
          RunStatus.STOPPED_EARLY,
          RunStatus.RUNNING,
          RunStatus.QUEUED,
          RunStatus.PAUSED);
  private static final double MILLISECONDS = 1000;
  private static final int ROWS = 500;

  private FailuresSection() {}

  static Section of(ReportData data) {
    List<Part> parts = new ArrayList<>();
    List<RunSummary> ended =
        data.runs().all().stream().filter(run -> !WELL.contains(run.status())).toList();
    if (!ended.isEmpty()) {
      parts.add(new Part.Shown(ended(data, ended)));
    }
    if (!data.failures().isEmpty()) {
      parts.add(new Part.Shown(attempts(data)));
    }
    if (!data.remarks().isEmpty()) {
      parts.add(new Part.Shown(remarks(data)));
    }
    if (parts.isEmpty()) {
      parts.add(
          new Part.Paragraph(
              "No attempt failed, no run ended early, and nothing was found to be wrong."));
    }
    return new Section("failures", "Failures", parts);
  }

  private static Table ended(ReportData data, List<RunSummary> runs) {
    return new Table(
        "Runs that did not come to their end",
        List.of(
            Column.text("run"),
            Column.text("status"),
            Column.text("cause"),
            Column.text("message"),
            Column.number("stages done")),
        runs.stream()
            .map(
                run ->
                    List.of(
                        Cell.of(data.runs().label(run)),
                        Cell.of(run.status().name()),
                        Cell.of(run.cause().orElse("")),
                        Cell.of(run.message().orElse("")),
                        Cell.of(run.stagesDone() + " of " + run.stagesTotal())))
            .toList());
  }

  private static Table attempts(ReportData data) {
    List<FailureRow> all = data.failures();
    return new Table(
        all.size() > ROWS
            ? "Attempts that failed: the first %d of %d".formatted(ROWS, all.size())
            : "Attempts that failed",
        List.of(
            Column.text("run"),
            Column.text("stage"),
            Column.number("attempt"),
            Column.text("cause"),
            Column.text("message"),
            Column.text("host"),
            Column.text("from"),
            Column.number("after")),
        all.stream()
            .limit(ROWS)
            .map(
                row ->
                    List.of(
                        Cell.of(data.runs().label(row.runId())),
                        Cell.of(row.stage()),
                        Cell.of(Integer.toString(row.attempt())),
                        Cell.of(row.cause()),
                        Cell.of(row.message()),
                        Cell.of(row.host().orElse("")),
                        Cell.of(row.startedAt().map(Words::time).orElse("")),
                        Cell.of(after(row))))
            .toList());
  }

  private static String after(FailureRow row) {
    return row.startedAt()
        .flatMap(start -> row.finishedAt().map(end -> Duration.between(start, end)))
        .map(time -> GoodputText.duration(time.toMillis() / MILLISECONDS))
        .orElse("");
  }

  private static Table remarks(ReportData data) {
    List<Remark> all = data.remarks();
    return new Table(
        all.size() > ROWS ? "Findings: the first %d of %d".formatted(ROWS, all.size()) : "Findings",
        List.of(
            Column.text("run"),
            Column.text("stage"),
            Column.text("subject"),
            Column.text("what was found"),
            Column.text("weight")),
        all.stream()
            .limit(ROWS)
            .map(
                row ->
                    List.of(
                        Cell.of(data.runs().label(row.runId())),
                        Cell.of(row.stage()),
                        Cell.of(row.subject()),
                        Cell.of(row.message()),
                        Cell.of(row.note() ? "put right" : "in doubt")))
            .toList());
  }
}
