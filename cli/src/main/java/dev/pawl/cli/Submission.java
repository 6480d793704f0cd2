package dev.pawl.cli;

import dev.pawl.activities.artifact.ArtifactStore;
import dev.pawl.activities.artifact.ArtifactStores;
import dev.pawl.db.AshaSetup;
import dev.pawl.db.Database;
import dev.pawl.db.NewExperiment;
import dev.pawl.db.NewRun;
import dev.pawl.db.NewStage;
import dev.pawl.db.NewSweep;
import dev.pawl.db.RunStatus;
import dev.pawl.db.StageStatus;
import dev.pawl.db.SweepRow;
import dev.pawl.db.SweepRunRow;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.LoadedExperiment;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.plan.PlannedRun;
import dev.pawl.experiments.plan.PlannedStage;
import dev.pawl.experiments.sweep.EarlyStopping;
import dev.pawl.experiments.sweep.StoppingMode;
import dev.pawl.experiments.sweep.Sweep;
import dev.pawl.experiments.sweep.SweepSettings;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.workflows.ExperimentRequest;
import dev.pawl.workflows.RunNumbers;
import dev.pawl.workflows.RunRequest;
import dev.pawl.workflows.SweepRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Brings a plan into the record, and makes of it what the scheduler is asked for. */
final class Submission {
  private final Database database;
  private final Path home;

  Submission(Database database, Path home) {
    this.database = database;
    this.home = home;
  }

  /**
   * Registers a plan; of a sweep it says first what is otherwise than it was.
   *
   * @throws dev.pawl.model.failure.PawlException as {@link SweepChanges} does
   */
  void register(LoadedExperiment loaded, Plan plan) {
    loaded
        .sweep()
        .ifPresent(
            sweep -> {
              List<String> changes = SweepChanges.since(database, plan, sweep);
              if (!changes.isEmpty()) {
                System.err.printf(
                    "pawl: sweep %s was submitted before; what changed (key: old -> new):%n",
                    plan.name());
                changes.forEach(System.err::println);
              }
            });
    database.experiments().register(registration(plan, loaded.sweep()));
    loaded.sweep().ifPresent(sweep -> register(sweep, plan));
  }

  private void register(Sweep sweep, Plan plan) {
    if (sweep.earlyStopping().isEmpty()) {
      return;
    }
    EarlyStopping stopping = sweep.earlyStopping().get();
    AshaSetup setup =
        new AshaSetup(
            stopping.metric().id(),
            stopping.mode() == StoppingMode.MIN,
            stopping.reductionFactor(),
            stopping.rungs(sweep.runs()).steps(),
            plan.runs().stream().map(PlannedRun::id).toList());
    AshaSetup begun = database.asha().register(plan.experimentId(), setup);
    if (!begun.equals(setup)) {
      throw new PawlException(
          FailureCause.CONFIG,
          "sweep %s was begun with early stopping by %s at the steps %s; now it is by %s at %s: give it another name with experiment=NAME, what it shares is reused"
              .formatted(
                  plan.name(), begun.metric(), begun.rungs(), setup.metric(), setup.rungs()));
    }
  }

  /**
   * All runs of a registered sweep that have not come to their end, or whose artifacts are gone,
   * now waiting for their turn; empty when there is none.
   */
  Optional<SweepRequest> unfinished(Plan plan) throws IOException {
    // Early stopping asks for all of them, also those that another version has brought to their
    // ends.
    boolean undecided =
        database
            .asha()
            .find(plan.experimentId())
            .filter(state -> state.decisions().isEmpty())
            .isPresent();
    Set<String> whole = undecided ? Set.of() : whole(plan);
    return queue(plan.experimentId(), run -> !whole.contains(run.id()));
  }

  /** Chosen runs of a registered sweep, now waiting for their turn; empty when there is none. */
  Optional<SweepRequest> queue(String experimentId, Predicate<SweepRunRow> chosen) {
    List<SweepRunRow> runs = database.sweeps().runs(experimentId).stream().filter(chosen).toList();
    if (runs.isEmpty()) {
      return Optional.empty();
    }
    SweepRow sweep =
        database
            .sweeps()
            .find(experimentId)
            .orElseThrow(() -> new NotFoundException("no sweep " + experimentId));
    database.sweeps().queue(runs.stream().map(SweepRunRow::id).toList());
    return Optional.of(
        SweepRequest.of(
            experimentId,
            sweep.maxInFlight(),
            sweep.stopAfter(),
            sweep.priority(),
            RunNumbers.of(runs.stream().map(SweepRunRow::ordinal).toList())));
  }

  /** Runs that are at their end with every artifact in its place; 'pawl verify' looks inside. */
  private Set<String> whole(Plan plan) throws IOException {
    Set<String> ended = new HashSet<>();
    for (SweepRunRow run : database.sweeps().runs(plan.experimentId())) {
      if (run.status() == RunStatus.STOPPED_EARLY || run.status() == RunStatus.DONE) {
        ended.add(run.id());
      }
    }
    Map<String, String> kinds = new LinkedHashMap<>();
    plan.runs().forEach(run -> run.stages().forEach(each -> kinds.put(each.key(), each.kind())));
    Map<String, StageStatus> statuses = database.stages().statuses(kinds.keySet());
    // What lies in the homes of workers, they look for themselves.
    boolean elsewhere = TemporalConnection.isConfigured() && !Place.shared();
    ArtifactStore artifacts = ArtifactStores.of(home);
    Map<String, Set<String>> there = new HashMap<>();
    for (String kind : elsewhere ? Set.<String>of() : new HashSet<>(kinds.values())) {
      there.put(kind, artifacts.keys(kind));
    }
    Map<String, Boolean> places = new HashMap<>();
    kinds.forEach(
        (key, kind) ->
            places.put(
                key,
                statuses.get(key) != StageStatus.DONE
                    || elsewhere
                    || there.getOrDefault(kind, Set.of()).contains(key)));
    Set<String> whole = new HashSet<>();
    for (PlannedRun run : plan.runs()) {
      boolean all = run.stages().stream().map(PlannedStage::key).allMatch(places::get);
      if (ended.contains(run.id()) && all) {
        whole.add(run.id());
      }
    }
    return whole;
  }

  static NewExperiment registration(Plan plan, Optional<Sweep> sweep) {
    Map<ModelConfig, Architecture> architectures = new HashMap<>();
    return new NewExperiment(
        plan.experimentId(),
        plan.name(),
        plan.digest(),
        plan.configJson(),
        plan.source(),
        plan.runs().stream()
            .map(
                run ->
                    registration(run, architectures.computeIfAbsent(run.model(), Architecture::of)))
            .toList(),
        sweep.map(Submission::registration));
  }

  private static NewSweep registration(Sweep sweep) {
    SweepSettings settings = sweep.settings();
    return new NewSweep(
        settings.maxInFlight(),
        settings.priority(),
        settings.onFailure().stopAfter(),
        CanonicalJson.write(sweep.values()));
  }

  private static NewRun registration(PlannedRun run, Architecture architecture) {
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
            .toList(),
        run.pointJson());
  }

  /** All runs of a registered plan without a sweep. */
  ExperimentRequest request(Plan plan) {
    return new ExperimentRequest(
        plan.experimentId(), 1, plan.runs().stream().map(this::request).toList());
  }

  private RunRequest request(PlannedRun run) {
    boolean inexact = database.experiments().allowsInexact(run.id());
    return Steps.run(run.id(), run.stages(), inexact);
  }
}
