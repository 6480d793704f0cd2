package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.EvaluationRow;
import dev.pawl.db.ResultRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
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
  private String experiment;

  @Option(
      names = "-o",
      paramLabel = "FORMAT",
      description = "table, json, csv or md (${DEFAULT-VALUE}).",
      defaultValue = "table")
  private Format format;

  @Option(
      names = "--scores",
      paramLabel = "lines|wide",
      description =
          "Zero-shot scores alone: a line a checkpoint, task and metric with its standard error, or"
              + " a column a checkpoint.")
  private Scores scores;

  /** Shapes of the table of scores. */
  enum Scores {
    lines,
    wide
  }

  @Mixin private HomeOption home;

  @Override
  public Integer call() {
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
      System.out.print(rows.isEmpty() && format == Format.table ? "" : format.results(rows));
      return ExitCode.DONE;
    } finally {
      existing.ifPresent(Database::close);
    }
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
