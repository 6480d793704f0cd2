package dev.pawl.cli;

import dev.pawl.cli.observe.Observability;
import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.db.RunStatus;
import dev.pawl.db.StageRow;
import dev.pawl.db.SweepRow;
import dev.pawl.db.SweepRunRow;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.Experiments;
import dev.pawl.experiments.LoadedExperiment;
import dev.pawl.experiments.plan.Machine;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.plan.Planner;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.experiments.sweep.SweepSettings;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.Torch;
import dev.pawl.workflows.ExperimentRequest;
import dev.pawl.workflows.RunRequest;
import dev.pawl.workflows.SweepRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes up runs again that are in the record, here, and waits for them. */
@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    description = "Take up a run again: what is done is reused, a training goes on.")
final class RetryCommand implements Callable<Integer> {
  private static final Set<RunStatus> ENDED_EARLY =
      Set.of(RunStatus.FAILED, RunStatus.STOPPED, RunStatus.CANCELLED);
  private static final Set<RunStatus> AT_THEIR_END =
      Set.of(RunStatus.DONE, RunStatus.STOPPED_EARLY);

  @Parameters(
      arity = "0..*",
      paramLabel = "RUN|SWEEP",
      description =
          "Id or its beginning, name, or experiment/name; or the name of a sweep: all of its runs"
              + " that are not done. With --file, key=value.")
  private List<String> names = List.of();

  @Option(
      names = "--failed",
      description =
          "All runs that failed, were stopped or cancelled; of the sweeps that are named, or of"
              + " everything.")
  private boolean failed;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "With --failed: those of a sweep's file, as it says now; behind it key=value as for"
              + " 'pawl run'.")
  private @Nullable Path file;

  @Option(
      names = "--from-scratch",
      description = "Train again from the first step, instead of from the last checkpoint.")
  private boolean fromScratch;

  @Option(
      names = "--from",
      paramLabel = "STAGE",
      description = "Make this stage and those after it again, from scratch.")
  private @Nullable String from;

  @Option(
      names = "--submit",
      description = "Hand them to the workers of a Temporal server, and return.")
  private boolean submit;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Mixin private MetricsOptions metrics;
  @Mixin private HomeOption home;
  @Spec private picocli.CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (submit) {
      Cluster.require("pawl retry --submit", "without --submit it is done here");
    }
    if (file != null) {
      return edited(file);
    }
    if (!failed && names.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "give runs, sweeps or --failed");
    }
    if (fromScratch && from != null) {
      throw new ParameterException(spec.commandLine(), "give --from-scratch or --from, not both");
    }
    try (OrderlyStop stop = new OrderlyStop()) {
      Database database = stop.closing(Databases.existing(home.path()));
      List<RunRow> runs = chosen(database);
      if (runs.isEmpty()) {
        System.err.println("pawl: nothing to retry: no run failed, was stopped or cancelled");
        return ExitCode.DONE;
      }
      Map<String, List<RunRequest>> byExperiment = new LinkedHashMap<>();
      int threads = 0;
      RetryFrom start = new RetryFrom(database, home.path(), runs);
      for (RunRow run : runs) {
        List<StageRow> stages = database.experiments().stagesOf(run.id());
        threads = threads(run, stages, threads);
        if (fromScratch || from != null) {
          start.forget(run, stages, from == null ? RetryFrom.TRAINING : from);
        }
        byExperiment
            .computeIfAbsent(run.experimentId(), id -> new ArrayList<>())
            .add(request(database, run, stages));
      }
      Runner runner = runner(database, threads, stop);
      int worst = ExitCode.DONE;
      for (Map.Entry<String, List<RunRequest>> experiment : byPriority(database, byExperiment)) {
        worst = Math.max(worst, run(database, runner, experiment));
      }
      return worst;
    }
  }

  private Runner runner(Database database, int threads, OrderlyStop stop) throws IOException {
    if (!submit) {
      return new Execution(database, home.path(), threads, stop, metrics.start(database, stop));
    }
    Observability observability = stop.closing(MetricsOptions.tracing());
    return stop.closing(new Handover(database, new Scheduler(observability)));
  }

  private int run(Database database, Runner runner, Map.Entry<String, List<RunRequest>> experiment)
      throws IOException {
    String id = experiment.getKey();
    if (database.sweeps().find(id).isEmpty()) {
      return runner.run(new ExperimentRequest(id, 1, experiment.getValue()), format);
    }
    Set<String> ids =
        experiment.getValue().stream().map(RunRequest::runId).collect(Collectors.toSet());
    return runner.run(
        new Submission(database, home.path())
            .queue(id, run -> ids.contains(run.id()))
            .orElseThrow(),
        format);
  }

  // Among sweeps the one of the first priority goes first; what has none is in the middle.
  private static List<Map.Entry<String, List<RunRequest>>> byPriority(
      Database database, Map<String, List<RunRequest>> experiments) {
    int middle = SweepSettings.DEFAULT.priority();
    return experiments.entrySet().stream()
        .sorted(
            Comparator.comparingInt(
                each ->
                    database.sweeps().find(each.getKey()).map(SweepRow::priority).orElse(middle)))
        .toList();
  }

  private List<RunRow> chosen(Database database) {
    if (names.isEmpty()) {
      Set<String> superseded = database.sweeps().superseded();
      return database.experiments().runs().stream()
          .filter(run -> ENDED_EARLY.contains(run.status()))
          .filter(run -> !superseded.contains(run.experimentId()))
          .toList();
    }
    List<RunRow> runs = new ArrayList<>();
    for (String name : names) {
      Optional<SweepRow> sweep = RunChoice.sweep(database, name);
      List<RunRow> named =
          sweep.isPresent()
              ? database.experiments().runsOf(sweep.get().experimentId()).stream()
                  .filter(run -> !AT_THEIR_END.contains(run.status()))
                  .toList()
              : List.of(RunChoice.one(database, name));
      named.stream()
          .filter(run -> !failed || ENDED_EARLY.contains(run.status()))
          .forEach(runs::add);
    }
    return runs;
  }

  /** The failed runs of a file that was edited since. */
  private int edited(Path edited) throws IOException {
    if (!failed || fromScratch || from != null) {
      throw new ParameterException(
          spec.commandLine(), "--file goes with --failed, and with nothing but key=value");
    }
    LoadedExperiment loaded = Experiments.load(edited, names);
    if (loaded.sweep().isEmpty()) {
      throw new PawlException(
          FailureCause.CONFIG, "%s has no sweep; 'pawl run %s' does".formatted(edited, edited));
    }
    int threads = loaded.spec().threads();
    Machine machine = new Machine(Torch.deviceKind(), threads);
    try (OrderlyStop stop = new OrderlyStop()) {
      Database database = stop.closing(Databases.existing(home.path()));
      Plan plan = new Continuation(database, false).plan(Planner.plans(loaded), machine);
      SweepRow before =
          database
              .sweeps()
              .current(plan.name())
              .orElseThrow(() -> new NotFoundException("no sweep %s yet".formatted(plan.name())));
      Set<String> ended =
          database.sweeps().runs(before.experimentId()).stream()
              .filter(run -> ENDED_EARLY.contains(run.status()))
              .map(SweepRunRow::name)
              .collect(Collectors.toSet());
      Submission submission = new Submission(database, home.path());
      submission.register(loaded, plan);
      List<String> words = new ArrayList<>(List.of("pawl", "run", edited.toString()));
      words.addAll(names);
      database.experiments().command(plan.experimentId(), words);
      Optional<SweepRequest> request =
          submission.queue(plan.experimentId(), run -> ended.contains(run.name()));
      if (request.isEmpty()) {
        System.err.println("pawl: nothing to retry: no run of the file's had failed");
        return ExitCode.DONE;
      }
      return runner(database, threads, stop).run(request.get(), format);
    }
  }

  private static RunRequest request(Database database, RunRow run, List<StageRow> stages) {
    boolean inexact = database.experiments().allowsInexact(run.id());
    return Steps.recorded(run.id(), stages, inexact);
  }

  // A process computes with one number of threads, and it is part of what a run is.
  private static int threads(RunRow run, List<StageRow> stages, int others) {
    for (StageRow stage : stages) {
      if (stage.kind().equals(StageKind.PRETRAIN.id())) {
        int own = CanonicalJson.read(stage.configJson(), PretrainStageConfig.class).threads();
        if (others != 0 && own != others) {
          throw new PawlException(
              FailureCause.CONFIG,
              "run %s computes with %d threads, others with %d: retry them one by one"
                  .formatted(run.id(), own, others));
        }
        return own;
      }
    }
    throw new NotFoundException("run %s has no training".formatted(run.id()));
  }
}
