package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.plan.Machine;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.plan.PlannedRun;
import dev.pawl.experiments.plan.PlannedStage;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Finds out whether an experiment is one that was begun on another machine. Kind of device and
 * number of threads are part of the stages' keys, so it would silently be trained anew.
 */
final class Continuation {
  private final Database database;
  private final boolean allowInexact;

  /**
   * Looks into a record.
   *
   * @param allowInexact whether to go on with what was begun on another machine
   */
  Continuation(Database database, boolean allowInexact) {
    this.database = database;
    this.allowInexact = allowInexact;
  }

  /**
   * The plan to follow: that of this machine, or the one that was begun.
   *
   * @throws PawlException CONFIG when another one was begun and going on is not allowed
   */
  Plan plan(Function<Machine, Plan> plans, Machine here) {
    Plan plan = plans.apply(here);
    if (begun(plan).isPresent()) {
      refuseInexactInputs(plan);
      return plan;
    }
    for (Machine there : machines(plan.name())) {
      Plan other = plans.apply(there);
      Optional<PlannedRun> run = there.equals(here) ? Optional.empty() : begun(other);
      if (run.isPresent()) {
        if (!allowInexact) {
          throw refusal(run.get(), plan, there, here);
        }
        System.err.printf(
            "pawl: run %s goes on with %s, it was begun with %s: its results are marked as not exact%n",
            run.get().name(), words(here), words(there));
        return other;
      }
    }
    refuseInexactInputs(plan);
    return plan;
  }

  private static PawlException refusal(PlannedRun run, Plan plan, Machine there, Machine here) {
    return new PawlException(
        FailureCause.CONFIG,
        "run %s (%s) of experiment %s was begun with %s; with %s it would not give the same bits: go on exactly with threads=%d, or inexactly with --allow-inexact (the results are marked); under another name of the experiment it is trained anew"
            .formatted(
                run.name(), run.id(), plan.name(), words(there), words(here), there.threads()));
  }

  /** A run of the plan that somebody has trained on, or tried to. */
  private Optional<PlannedRun> begun(Plan plan) {
    Set<String> known = known(plan);
    List<PlannedRun> runs = plan.runs().stream().filter(run -> known.contains(run.id())).toList();
    Set<String> attempted =
        database
            .stages()
            .attempted(
                runs.stream()
                    .flatMap(run -> pretrain(run).stream())
                    .map(PlannedStage::key)
                    .toList());
    return runs.stream()
        .filter(run -> pretrain(run).filter(stage -> attempted.contains(stage.key())).isPresent())
        .findFirst();
  }

  private Set<String> known(Plan plan) {
    return database.experiments().known(plan.runs().stream().map(PlannedRun::id).toList());
  }

  /** A new run must not take over, unasked, what another one computed inexactly. */
  private void refuseInexactInputs(Plan plan) {
    Set<String> keys = new LinkedHashSet<>();
    plan.runs().forEach(run -> run.stages().forEach(stage -> keys.add(stage.key())));
    Set<String> inexact = database.findings().inexactAmong(keys);
    if (inexact.isEmpty() || allowInexact) {
      return;
    }
    Set<String> known = known(plan);
    for (PlannedRun run : plan.runs()) {
      for (PlannedStage stage : run.stages()) {
        if (inexact.contains(stage.key()) && !known.contains(run.id())) {
          throw new PawlException(
              FailureCause.CONFIG,
              "run %s needs stage %s %s, which another run has computed inexactly: make it again there with 'pawl retry RUN --from %s', or take it as it is with --allow-inexact"
                  .formatted(run.name(), stage.kind(), stage.key(), stage.kind()));
        }
      }
    }
  }

  private Set<Machine> machines(String experiment) {
    Set<Machine> machines = new LinkedHashSet<>();
    for (String config : database.experiments().trainingsOf(experiment)) {
      machine(config).ifPresent(machines::add);
    }
    return machines;
  }

  private static Optional<Machine> machine(String configJson) {
    try {
      PretrainStageConfig config = CanonicalJson.read(configJson, PretrainStageConfig.class);
      return Optional.of(new Machine(config.deviceKind(), config.threads()));
    } catch (IllegalArgumentException ofAnotherVersion) {
      return Optional.empty();
    }
  }

  private static Optional<PlannedStage> pretrain(PlannedRun run) {
    return run.stages().stream()
        .filter(stage -> stage.kind().equals(StageKind.PRETRAIN.id()))
        .findFirst();
  }

  private static String words(Machine machine) {
    return "%d threads on %s".formatted(machine.threads(), machine.deviceKind());
  }
}
