package dev.pawl.cli;

import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.cli.report.ReportData;
import dev.pawl.cli.report.ReportPage;
import dev.pawl.db.Database;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the report of an experiment, or of all, as one page of HTML. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Results as one page of HTML that needs no network.")
final class ReportCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "EXPERIMENT",
      description = "Name, or the beginning of the id, of an experiment; all runs without it.")
  private @Nullable String experiment;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where to write it (pawl-report.html, or the experiment's name with .html).")
  private @Nullable Path output;

  @Mixin private HomeOption home;

  @Override
  public Integer call() throws IOException {
    String page;
    String name;
    try (Database database = Databases.existing(home.path())) {
      ReportData data = ReportData.read(database, Optional.ofNullable(experiment));
      if (data.isEmpty()) {
        throw new NotFoundException(
            experiment == null
                ? Databases.noRuns(home.path())
                : "no experiment '%s' in %s; 'pawl runs' lists all"
                    .formatted(experiment, home.path()));
      }
      name = experiment == null ? "pawl-report" : ReportPage.fileName(data.name());
      page = ReportPage.of(data, data.title(), Instant.now(), Machines.codeVersion());
    }
    Path file = output == null ? Path.of(name + ".html") : output;
    if (Files.isDirectory(file)) {
      throw new PawlException(
          FailureCause.CONFIG,
          "--output %s is a folder; name the file, such as %s"
              .formatted(file, file.resolve(name + ".html")));
    }
    DurableFiles.write(file, page.getBytes(StandardCharsets.UTF_8));
    System.out.println(file);
    return ExitCode.DONE;
  }
}
