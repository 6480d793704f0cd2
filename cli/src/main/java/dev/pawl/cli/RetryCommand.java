package dev.pawl.cli;

import dev.pawl.activities.artifact.LocalArtifactStore;
import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.db.RunStatus;
import dev.pawl.db.StageRow;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.experiments.yaml.Nearest;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.workflows.ExperimentRequest;
import dev.pawl.workflows.RunRequest;
import dev.pawl.workflows.StageStep;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
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

  @Parameters(
      arity = "0..*",
      paramLabel = "RUN",
      description = "Id or its beginning, name, or experiment/name.")
  private List<String> names = List.of();

  @Option(names = "--failed", description = "All runs that failed, were stopped or cancelled.")
  private boolean failed;

  @Option(
      names = "--from",
      paramLabel = "STAGE",
      description = "Make this stage and those after it again, from scratch.")
  private @Nullable String from;

  @Option(
      names = "-o",
      paramLabel = "FORMAT",
      description = "table, json, csv, md or latex (${DEFAULT-VALUE}).",
      defaultValue = "table")
  private Format format;

  @Mixin private HomeOption home;
  @Spec private picocli.CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (failed == !names.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "give either runs or --failed");
    }
    try (OrderlyStop stop = new OrderlyStop()) {
      Database database = stop.closing(Databases.existing(home.path()));
      List<RunRow> runs =
          failed
              ? database.experiments().runs().stream()
                  .filter(run -> ENDED_EARLY.contains(run.status()))
                  .toList()
              : names.stream().map(name -> RunChoice.one(database, name)).toList();
      if (runs.isEmpty()) {
        System.err.println("pawl: nothing to retry: no run failed, was stopped or cancelled");
        return ExitCode.DONE;
      }
      Map<String, List<RunRequest>> byExperiment = new LinkedHashMap<>();
      int threads = 0;
      for (RunRow run : runs) {
        List<StageRow> stages = database.experiments().stagesOf(run.id());
        threads = threads(run, stages, threads);
        if (from != null) {
          forget(database, run, stages);
        }
        byExperiment
            .computeIfAbsent(run.experimentId(), id -> new ArrayList<>())
            .add(request(run, stages));
      }
      Execution execution = new Execution(database, home.path(), threads, stop);
      int worst = ExitCode.DONE;
      for (Map.Entry<String, List<RunRequest>> experiment : byExperiment.entrySet()) {
        int code =
            execution.run(
                new ExperimentRequest(experiment.getKey(), 1, experiment.getValue()), format);
        worst = Math.max(worst, code);
      }
      return worst;
    }
  }

  private static RunRequest request(RunRow run, List<StageRow> stages) {
    return new RunRequest(
        run.id(),
        stages.stream()
            .map(stage -> StageStep.of(stage.kind(), stage.key(), stage.inputs().values()))
            .toList());
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

  private void forget(Database database, RunRow run, List<StageRow> stages) throws IOException {
    List<String> kinds = stages.stream().map(StageRow::kind).toList();
    // The first of several parts: all of them are made again.
    int first = kinds.indexOf(from);
    if (first < 0) {
      String nearest = Nearest.to(from, kinds).map(near -> ", nearest: " + near).orElse("");
      throw new NotFoundException(
          "run %s has no stage %s%s; it has %s"
              .formatted(
                  run.name(),
                  from,
                  nearest,
                  kinds.stream().distinct().toList().stream().distinct().toList()));
    }
    LocalArtifactStore artifacts = new LocalArtifactStore(home.path());
    for (StageRow stage : stages.subList(first, stages.size())) {
      database.stages().reopen(stage.key(), "retry --from " + from);
      database.stages().forgetInexact(stage.key());
      artifacts.remove(stage.kind(), stage.key());
      artifacts.discardWork(stage.key());
    }
  }
}
