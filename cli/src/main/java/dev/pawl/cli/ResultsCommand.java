package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.EvaluationRow;
import dev.pawl.db.ResultRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints results. */
@Command(name = "results", mixinStandardHelpOptions = true, description = "Results of all runs.")
final class ResultsCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "EXPERIMENT",
      description = "Name, or the beginning of the id, of an experiment.")
  private @Nullable String experiment;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Option(
      names = "--all-columns",
      description = "Show every configuration key and every detail, not only what differs.")
  private boolean allColumns;

  @Option(
      names = "--seeds",
      paramLabel = "mean|each",
      description =
          "Runs that differ in their seeds alone: their mean, sample standard deviation and number,"
              + " or a line each. Left out, means in tables and each run in json and csv.",
      defaultValue = "auto",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER)
  private ResultView.Seeds seeds;

  @Option(
      names = "--where",
      paramLabel = "COLUMN=VALUE",
      description =
          "Only runs of which this is so; also !=, <, <=, > and >= (quote them). Several must all"
              + " be so.")
  private List<String> where = List.of();

  @Option(
      names = "--sort",
      paramLabel = "COLUMN",
      description = "Sort by this column, with a minus the largest first: --sort=-valid_loss.",
      split = ",")
  private List<String> sort = List.of();

  @Option(
      names = "--scores",
      paramLabel = "lines|wide",
      description =
          "Zero-shot scores alone: a line a checkpoint, task and metric with its standard error, or"
              + " a column a checkpoint.")
  private @Nullable Scores scores;

  @Option(
      names = "--paper",
      paramLabel = "NAME",
      description =
          "Lay the runs out as the main table of a paper, its numbers among them: block-transformer.")
  private @Nullable String paper;

  /** Shapes of the table of scores. */
  enum Scores {
    lines,
    wide
  }

  @Mixin private HomeOption home;

  @Override
  public Integer call() {
    Optional<PaperView> layout = Optional.ofNullable(paper).map(PaperView::named);
    Optional<Database> existing = Databases.openExisting(home.path());
    try {
      List<ResultRow> rows =
          existing
              .map(open -> open.results().results(Optional.ofNullable(experiment)))
              .orElse(List.of());
      if (rows.isEmpty() && experiment != null) {
        throw new NotFoundException(
            "no experiment '%s' in %s; 'pawl runs' lists all".formatted(experiment, home.path()));
      }
      if (rows.isEmpty()) {
        System.err.println(Databases.noRuns(home.path()));
      }
      if (scores != null && existing.isPresent()) {
        System.out.print(scores(existing.get(), rows));
        return ExitCode.DONE;
      }
      Map<String, String> configurations =
          existing.map(open -> configurations(open, rows, layout.isPresent())).orElse(Map.of());
      ResultView view =
          new ResultView(
              rows, new ResultView.Options(format, allColumns, seeds, configurations, where, sort));
      if (layout.isPresent()) {
        System.out.print(layout.get().text(view.runs(), configurations, format));
        return ExitCode.DONE;
      }
      if (!rows.isEmpty() && view.size() == 0) {
        System.err.println("no run is as --where says");
      }
      System.out.print(view.text());
      view.notes().forEach(note -> System.err.println("note: " + note));
      return ExitCode.DONE;
    } finally {
      existing.ifPresent(Database::close);
    }
  }

  // Of a sweep the keys that differ are known without reading every configuration.
  private Map<String, String> configurations(
      Database database, List<ResultRow> rows, boolean forPaper) {
    boolean swept = rows.stream().noneMatch(row -> row.pointJson().equals("{}"));
    boolean needed = forPaper || allColumns || format == Format.json || !swept;
    return needed
        ? database.results().configurations(rows.stream().map(ResultRow::runId).toList())
        : Map.of();
  }

  private String scores(Database database, List<ResultRow> rows) {
    Map<String, List<EvaluationRow>> runs = new LinkedHashMap<>();
    for (ResultRow row : rows) {
      runs.put(row.experiment() + "/" + row.run(), database.evaluations().ofRun(row.runId()));
    }
    ScoreTable table = new ScoreTable(format, runs);
    return scores == Scores.wide ? table.wide() : table.lines();
  }
}
