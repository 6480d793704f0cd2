package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.workflows.ExperimentRequest;
import dev.pawl.workflows.RunNumbers;
import dev.pawl.workflows.SweepRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs an experiment here and waits for its end. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Run an experiment here and wait.")
final class RunCommand implements Callable<Integer> {
  @Mixin private ExperimentOptions experiment;

  @Option(
      names = "--dry-run",
      description =
          "Print configuration and planned stages, of a sweep its runs, what they share and what"
              + " they take; start nothing.")
  private boolean dryRun;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Option(
      names = "--chaos",
      paramLabel = "FAULT",
      description =
          "Cause faults on purpose, once each: kill@pretrain.step=37, fail@..., stall:20@..., "
              + "freeze@...; several with commas or repeated. 'list' prints the points.")
  private List<String> chaos = List.of();

  @Mixin private MetricsOptions metrics;
  @Mixin private HomeOption home;

  @Override
  public Integer call() throws IOException {
    if (Chaos.isQuestion(chaos)) {
      System.out.print(Chaos.list());
      return ExitCode.DONE;
    }
    Chaos faults = Chaos.parse(chaos);
    ExperimentOptions.Loaded loaded = experiment.load();
    Plan plan = loaded.plan();
    plan.notes().forEach(note -> System.err.println("note: " + note));
    if (dryRun) {
      return print(loaded, plan);
    }
    Files.createDirectories(home.path());
    try (OrderlyStop stop = new OrderlyStop()) {
      Database database = stop.closing(Databases.open(home.path()));
      Submission submission = new Submission(database, home.path());
      plan = experiment.register(loaded, database, submission);
      Execution execution =
          new Execution(
              database,
              home.path(),
              loaded.machine().threads(),
              stop,
              metrics.start(database, stop));
      if (loaded.experiment().sweep().isPresent()) {
        return sweep(submission, plan, execution, faults);
      }
      ExperimentRequest request = submission.request(plan);
      return faults.during(
          home.path(), request.experimentId(), () -> execution.run(request, format));
    }
  }

  private int print(ExperimentOptions.Loaded loaded, Plan plan) {
    Optional<Database> existing = Databases.openExisting(home.path());
    try {
      System.out.print(
          loaded.experiment().sweep().isPresent()
              ? SweepDryRun.text(loaded.experiment(), plan, existing)
              : DryRun.text(loaded.experiment(), plan, existing));
    } finally {
      existing.ifPresent(Database::close);
    }
    return ExitCode.DONE;
  }

  private int sweep(Submission submission, Plan plan, Execution execution, Chaos faults)
      throws IOException {
    Optional<SweepRequest> request = submission.unfinished(plan);
    if (request.isEmpty()) {
      System.err.printf(
          "pawl: all %d runs of %s are done; 'pawl verify' looks inside%n",
          plan.runs().size(), plan.name());
      return execution.print(plan.experimentId(), format);
    }
    int waiting = RunNumbers.parse(request.get().runs()).numbers().size();
    System.err.printf(
        "pawl: sweep %s (%s): %d of %d runs to do%n",
        plan.name(), plan.experimentId(), waiting, plan.runs().size());
    return faults.during(
        home.path(), plan.experimentId(), () -> execution.run(request.get(), format));
  }
}
