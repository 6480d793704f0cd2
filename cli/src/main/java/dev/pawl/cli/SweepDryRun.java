package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.StageStatus;
import dev.pawl.experiments.LoadedExperiment;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.plan.PlannedRun;
import dev.pawl.experiments.plan.PlannedStage;
import dev.pawl.experiments.plan.StageLabel;
import dev.pawl.experiments.sweep.EarlyStopping;
import dev.pawl.experiments.sweep.Rungs;
import dev.pawl.experiments.sweep.Sweep;
import dev.pawl.experiments.sweep.SweepRun;
import dev.pawl.experiments.sweep.SweepSettings;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a sweep would do, in words: its runs, the stages that they share, and what is to do. */
final class SweepDryRun {
  private final StringBuilder text = new StringBuilder();
  private final Plan plan;
  private final Set<String> done = new HashSet<>();
  private final Map<String, PlannedStage> stages = new LinkedHashMap<>();
  private final Map<String, Integer> users = new LinkedHashMap<>();

  private SweepDryRun(Plan plan, Optional<Database> database) {
    this.plan = plan;
    for (PlannedRun run : plan.runs()) {
      for (PlannedStage stage : run.stages()) {
        stages.putIfAbsent(stage.key(), stage);
        users.merge(stage.key(), 1, Integer::sum);
      }
    }
    database.ifPresent(
        open ->
            open.stages()
                .statuses(stages.keySet())
                .forEach(
                    (key, status) -> {
                      if (status == StageStatus.DONE) {
                        done.add(key);
                      }
                    }));
  }

  static String text(LoadedExperiment loaded, Plan plan, Optional<Database> database) {
    Sweep sweep = loaded.sweep().orElseThrow();
    SweepDryRun view = new SweepDryRun(plan, database);
    view.line("# configuration of the first run, each value with its source");
    view.text.append(ResolvedYaml.firstRun(loaded, plan));
    view.settings(sweep.settings());
    sweep.earlyStopping().ifPresent(stopping -> view.stopping(stopping, sweep.runs()));
    view.runs();
    view.shared();
    view.own();
    view.line("");
    view.line("# estimate of what is to do");
    new SweepEstimate(plan, view.done, database, sweep.settings().maxInFlight())
        .lines()
        .forEach(each -> view.line("%s", each));
    return view.text.toString();
  }

  private void settings(SweepSettings settings) {
    line("");
    line("# sweep");
    line(
        "max_in_flight %d, priority %d, on_failure %s",
        settings.maxInFlight(), settings.priority(), settings.onFailure());
  }

  private void stopping(EarlyStopping stopping, List<SweepRun> runs) {
    Rungs rungs = stopping.rungs(runs);
    line(
        "early_stopping by %s (%s): at the steps %s one of %d runs goes on; what is to do is at most this",
        stopping.metric().id(),
        stopping.mode().name().toLowerCase(Locale.ROOT),
        rungs.steps().subList(0, rungs.steps().size() - 1),
        rungs.reductionFactor());
  }

  private void runs() {
    line("");
    line("# %,d runs", plan.runs().size());
    int number = 0;
    for (PlannedRun run : plan.runs()) {
      long left = run.stages().stream().filter(stage -> !done.contains(stage.key())).count();
      number++;
      line(
          "%4d  %s  %s  %s",
          number,
          run.id(),
          run.name(),
          left == 0 ? "done" : "%d of %d stages to do".formatted(left, run.stages().size()));
      line("      %s", run.pointJson());
    }
  }

  private void shared() {
    List<PlannedStage> shared = stages.values().stream().filter(stage -> users(stage) > 1).toList();
    line("");
    line("# stages: %,d, of which runs share %,d", stages.size(), shared.size());
    for (PlannedStage stage : shared) {
      line(
          "  %-19s %s  %s  by %,d runs",
          StageLabel.of(stage.kind(), stage.version(), stage.configJson()),
          stage.key(),
          done.contains(stage.key()) ? "done " : "to do",
          users(stage));
    }
  }

  // Those of a single run are as many as there are runs: counted by kind.
  private void own() {
    Map<String, int[]> kinds = new TreeMap<>();
    for (PlannedStage stage : stages.values()) {
      if (users(stage) == 1) {
        int[] counts = kinds.computeIfAbsent(stage.kind(), kind -> new int[2]);
        counts[done.contains(stage.key()) ? 1 : 0]++;
      }
    }
    kinds.forEach(
        (kind, counts) ->
            line("  %-19s of one run each: %,d to do, %,d done", kind, counts[0], counts[1]));
  }

  private int users(PlannedStage stage) {
    return users.getOrDefault(stage.key(), 0);
  }

  private void line(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append(System.lineSeparator());
  }
}
