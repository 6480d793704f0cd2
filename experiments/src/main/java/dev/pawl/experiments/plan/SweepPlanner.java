package dev.pawl.experiments.plan;

import dev.pawl.experiments.ConfigException;
import dev.pawl.experiments.LoadedExperiment;
import dev.pawl.experiments.sweep.Sweep;
import dev.pawl.experiments.sweep.SweepRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Plans the runs of a sweep, the user's files read once for all of them. */
final class SweepPlanner {
  private SweepPlanner() {}

  static Function<Machine, Plan> plans(LoadedExperiment loaded, Sweep sweep) {
    FileDigests digests = new FileDigests();
    Set<String> problems = new LinkedHashSet<>();
    Set<String> notes = new LinkedHashSet<>(loaded.notes());
    List<Function<Machine, List<PlannedRun>>> plans = new ArrayList<>();
    for (SweepRun run : sweep.runs()) {
      try {
        plans.add(Planner.plans(run, digests, notes));
      } catch (ConfigException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(List.copyOf(problems));
    }
    return machine -> {
      List<PlannedRun> runs = new ArrayList<>();
      plans.forEach(plan -> runs.addAll(plan.apply(machine)));
      List<String> all = new ArrayList<>(notes);
      all.addAll(sameResults(runs));
      return Planner.plan(loaded, runs, all);
    };
  }

  // An axis over what decides no result, such as save_steps.
  private static List<String> sameResults(List<PlannedRun> runs) {
    Map<String, String> first = new HashMap<>();
    List<String> notes = new ArrayList<>();
    for (PlannedRun run : runs) {
      String last = run.stages().get(run.stages().size() - 1).key();
      String other = first.putIfAbsent(last, run.name());
      if (other != null) {
        notes.add(
            "run %s is the same as %s: what differs decides no result"
                .formatted(run.name(), other));
      }
    }
    return notes;
  }
}
