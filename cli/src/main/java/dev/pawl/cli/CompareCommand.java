package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints runs side by side. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = "Runs side by side: configuration, data, environment, metrics, weights.")
final class CompareCommand implements Callable<Integer> {
  @Parameters(
      arity = "2..*",
      paramLabel = "RUN",
      description =
          "Two runs or more: id or its beginning, name, or experiment/name. Differences are those"
              + " from the first.")
  private List<String> names;

  @Option(
      names = "--all",
      description = "Print settings that are the same too, not only what differs.")
  private boolean all;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Mixin private HomeOption home;

  @Override
  public Integer call() {
    try (Database database = Databases.existing(home.path())) {
      List<RunRow> runs = names.stream().map(name -> RunChoice.one(database, name)).toList();
      Comparison comparison = new Comparison(database, runs);
      System.out.print(new ComparisonText(comparison, format, all).text());
      return ExitCode.DONE;
    }
  }
}
