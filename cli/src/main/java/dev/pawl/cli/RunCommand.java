package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.experiments.Experiments;
import dev.pawl.experiments.LoadedExperiment;
import dev.pawl.experiments.plan.Machine;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.plan.PlannedRun;
import dev.pawl.experiments.plan.Planner;
import dev.pawl.model.torch.Torch;
import dev.pawl.workflows.ExperimentRequest;
import dev.pawl.workflows.RunNumbers;
import dev.pawl.workflows.SweepRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs an experiment here and waits for its end. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Run an experiment here and wait.")
final class RunCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      description = "The experiment, in YAML.")
  private @Nullable Path given;

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      description = "Values that replace those of the file, such as training.seed=7.")
  private List<String> overrides = List.of();

  @Option(
      names = "--sweep",
      paramLabel = "key=value,value,...",
      description =
          "Run it with each of these values, and with each combination where it is repeated; also"
              + " key=range(from=1,to=9,step=2) and log_range(from=1e-4,to=1e-2,count=5).")
  private List<String> sweeps = List.of();

  @Option(
      names = "--dry-run",
      description =
          "Print configuration and planned stages, of a sweep its runs, what they share and what"
              + " they take; start nothing.")
  private boolean dryRun;

  @Option(
      names = "--allow-inexact",
      description =
          "Go on with runs that were begun with another number of threads or on another kind of"
              + " device; their results are marked as not exact.")
  private boolean allowInexact;

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
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (Chaos.isQuestion(chaos)) {
      System.out.print(Chaos.list());
      return ExitCode.DONE;
    }
    Path file = given;
    if (file == null) {
      throw new ParameterException(spec.commandLine(), "Missing required parameter: 'FILE'");
    }
    Chaos faults = Chaos.parse(chaos);
    if (!Files.exists(file)) {
      throw new NotFoundException("no experiment file " + file);
    }
    LoadedExperiment loaded = Experiments.load(file, overrides, sweeps);
    int threads = loaded.spec().threads();
    Machine machine = new Machine(Torch.deviceKind(), threads);
    Function<Machine, Plan> plans = Planner.plans(loaded);
    Plan plan = plans.apply(machine);
    plan.notes().forEach(note -> System.err.println("note: " + note));
    if (dryRun) {
      Optional<Database> existing = Databases.openExisting(home.path());
      try {
        System.out.print(
            loaded.sweep().isPresent()
                ? SweepDryRun.text(loaded, plan, existing)
                : DryRun.text(loaded, plan, existing));
      } finally {
        existing.ifPresent(Database::close);
      }
      return ExitCode.DONE;
    }
    Files.createDirectories(home.path());
    try (OrderlyStop stop = new OrderlyStop()) {
      Database database = stop.closing(Databases.open(home.path()));
      plan = new Continuation(database, allowInexact).plan(plans, machine);
      Submission submission = new Submission(database, home.path());
      submission.register(loaded, plan);
      database.experiments().command(plan.experimentId(), words(file));
      if (allowInexact) {
        database.experiments().allowInexact(plan.runs().stream().map(PlannedRun::id).toList());
      }
      Execution execution =
          new Execution(database, home.path(), threads, stop, metrics.start(database, stop));
      if (loaded.sweep().isPresent()) {
        return sweep(submission, plan, execution, faults);
      }
      ExperimentRequest request = Submission.request(plan);
      return faults.during(
          home.path(), request.experimentId(), () -> execution.run(request, format));
    }
  }

  // What decides the results, as it was typed.
  private List<String> words(Path file) {
    List<String> words = new ArrayList<>(List.of("pawl", "run", file.toString()));
    words.addAll(overrides);
    sweeps.forEach(axis -> words.addAll(List.of("--sweep", axis)));
    return words;
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
