package dev.pawl.cli;

import dev.pawl.cli.observe.Observability;
import dev.pawl.db.Database;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.workflows.SweepRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Hands an experiment to the workers of a Temporal server, and returns. */
@Command(
    name = "submit",
    mixinStandardHelpOptions = true,
    description = "Hand an experiment to the workers of a Temporal server, and return.")
final class SubmitCommand implements Callable<Integer> {
  @Mixin private ExperimentOptions experiment;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Mixin private HomeOption home;

  @Override
  public Integer call() throws IOException {
    ExperimentOptions.Loaded loaded = experiment.load();
    Cluster.require("pawl submit", "'pawl run' runs it here, without one");
    loaded.plan().notes().forEach(note -> System.err.println("note: " + note));
    Files.createDirectories(home.path());
    try (Database database = Databases.open(home.path());
        Observability observability = MetricsOptions.tracing();
        Handover handover = new Handover(database, new Scheduler(observability))) {
      Submission submission = new Submission(database, home.path());
      Plan plan = experiment.register(loaded, database, submission);
      if (loaded.experiment().sweep().isEmpty()) {
        return handover.run(submission.request(plan), format);
      }
      Optional<SweepRequest> request = submission.unfinished(plan);
      if (request.isEmpty()) {
        System.err.printf(
            "pawl: all %d runs of %s are done; 'pawl results' shows them%n",
            plan.runs().size(), plan.name());
        return ExitCode.DONE;
      }
      return handover.run(request.get(), format);
    }
  }
}
