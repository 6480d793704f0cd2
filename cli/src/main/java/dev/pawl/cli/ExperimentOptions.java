package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.experiments.Experiments;
import dev.pawl.experiments.LoadedExperiment;
import dev.pawl.experiments.plan.Machine;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.plan.PlannedRun;
import dev.pawl.experiments.plan.Planner;
import dev.pawl.model.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The experiment that a command line names, and how it comes into the record. */
final class ExperimentOptions {
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
      names = "--allow-inexact",
      description =
          "Go on with runs that were begun with another number of threads or on another kind of"
              + " device; their results are marked as not exact.")
  private boolean allowInexact;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * An experiment with its plan for this kind of device.
   *
   * @param plans its plan for any machine
   * @param machine with which it is to be computed
   */
  record Loaded(LoadedExperiment experiment, Function<Machine, Plan> plans, Machine machine) {
    /** The plan for the machine. */
    Plan plan() {
      return plans.apply(machine);
    }
  }

  /**
   * Reads the file with what replaces its values.
   *
   * @throws ParameterException when none is given
   * @throws NotFoundException when there is none
   */
  Loaded load() throws IOException {
    Path file = file();
    if (!Files.exists(file)) {
      throw new NotFoundException("no experiment file " + file);
    }
    LoadedExperiment loaded = Experiments.load(file, overrides, sweeps);
    return new Loaded(
        loaded, Planner.plans(loaded), new Machine(Torch.deviceKind(), loaded.spec().threads()));
  }

  /** Brings the experiment into the record and returns the plan that is followed. */
  Plan register(Loaded loaded, Database database, Submission submission) {
    Plan plan = new Continuation(database, allowInexact).plan(loaded.plans(), loaded.machine());
    submission.register(loaded.experiment(), plan);
    database.experiments().command(plan.experimentId(), words());
    if (allowInexact) {
      database.experiments().allowInexact(plan.runs().stream().map(PlannedRun::id).toList());
    }
    return plan;
  }

  private Path file() {
    Path file = given;
    if (file == null) {
      throw new ParameterException(spec.commandLine(), "Missing required parameter: 'FILE'");
    }
    return file;
  }

  // What decides the results, as it would be typed to have them here.
  private List<String> words() {
    List<String> words = new ArrayList<>(List.of("pawl", "run", file().toString()));
    words.addAll(overrides);
    sweeps.forEach(axis -> words.addAll(List.of("--sweep", axis)));
    return words;
  }
}
