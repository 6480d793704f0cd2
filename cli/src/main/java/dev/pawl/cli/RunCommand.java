package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.NewExperiment;
import dev.pawl.db.NewRun;
import dev.pawl.db.NewStage;
import dev.pawl.experiments.Experiments;
import dev.pawl.experiments.LoadedExperiment;
import dev.pawl.experiments.plan.Machine;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.plan.PlannedRun;
import dev.pawl.experiments.plan.Planner;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.torch.Torch;
import dev.pawl.workflows.ExperimentRequest;
import dev.pawl.workflows.RunRequest;
import dev.pawl.workflows.StageStep;
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
      names = "--dry-run",
      description = "Print configuration and planned stages; start nothing.")
  private boolean dryRun;

  @Option(
      names = "--allow-inexact",
      description =
          "Go on with runs that were begun with another number of threads or on another kind of"
              + " device; their results are marked as not exact.")
  private boolean allowInexact;

  @Option(
      names = "-o",
      paramLabel = "FORMAT",
      description = "table, json, csv, md or latex (${DEFAULT-VALUE}).",
      defaultValue = "table")
  private Format format;

  @Option(
      names = "--chaos",
      paramLabel = "FAULT",
      description =
          "Cause faults on purpose, once each: kill@pretrain.step=37, fail@..., stall:20@..., "
              + "freeze@...; several with commas or repeated. 'list' prints the points.")
  private List<String> chaos = List.of();

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
    LoadedExperiment loaded = Experiments.load(file, overrides);
    int threads = loaded.spec().threads();
    Machine machine = new Machine(Torch.deviceKind(), threads);
    Function<Machine, Plan> plans = Planner.plans(loaded);
    Plan plan = plans.apply(machine);
    plan.notes().forEach(note -> System.err.println("note: " + note));
    if (dryRun) {
      Optional<Database> existing = Databases.openExisting(home.path());
      try {
        System.out.print(DryRun.text(loaded, plan, existing));
      } finally {
        existing.ifPresent(Database::close);
      }
      return ExitCode.DONE;
    }
    Files.createDirectories(home.path());
    try (OrderlyStop stop = new OrderlyStop()) {
      Database database = stop.closing(Databases.open(home.path()));
      plan = new Continuation(database, allowInexact).plan(plans, machine);
      database.experiments().register(registration(plan));
      database.experiments().command(plan.experimentId(), words(file));
      if (allowInexact) {
        database.experiments().allowInexact(plan.runs().stream().map(PlannedRun::id).toList());
      }
      Execution execution = new Execution(database, home.path(), threads, stop);
      ExperimentRequest request = request(plan);
      return faults.during(
          home.path(), request.experimentId(), () -> execution.run(request, format));
    }
  }

  // What decides the results, as it was typed.
  private List<String> words(Path file) {
    List<String> words = new ArrayList<>(List.of("pawl", "run", file.toString()));
    words.addAll(overrides);
    return words;
  }

  static NewExperiment registration(Plan plan) {
    return new NewExperiment(
        plan.experimentId(),
        plan.name(),
        plan.digest(),
        plan.configJson(),
        plan.source(),
        plan.runs().stream().map(RunCommand::registration).toList());
  }

  private static NewRun registration(PlannedRun run) {
    Architecture architecture = Architecture.of(run.model());
    return new NewRun(
        run.id(),
        run.name(),
        architecture.program(),
        architecture.parameterCount(),
        run.configJson(),
        run.stages().stream()
            .map(
                stage ->
                    new NewStage(
                        stage.key(),
                        stage.kind(),
                        stage.version(),
                        stage.configJson(),
                        stage.inputs()))
            .toList());
  }

  static ExperimentRequest request(Plan plan) {
    return new ExperimentRequest(
        plan.experimentId(),
        1,
        plan.runs().stream()
            .map(
                run ->
                    new RunRequest(
                        run.id(),
                        run.stages().stream()
                            .map(
                                stage ->
                                    StageStep.of(
                                        stage.kind(), stage.key(), stage.inputs().values()))
                            .toList()))
            .toList());
  }
}
