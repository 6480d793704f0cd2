package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.db.RunStatus;
import dev.pawl.db.SweepRow;
import dev.pawl.db.SweepRunRow;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.plan.PlannedRun;
import dev.pawl.experiments.plan.PlannedStage;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.sweep.Sweep;
import dev.pawl.model.failure.BusyException;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is otherwise in a sweep that was submitted before. Runs may come and go, and whatever does
 * not touch what a run was trained with may change; a run that was trained with other values keeps
 * its name from being used for these.
 */
final class SweepChanges {
  private static final int LONGEST = 100;
  private static final int SHOWN = 10;

  private final List<String> lines = new ArrayList<>();
  private final List<String> trainedOtherwise = new ArrayList<>();
  private final String name;

  private SweepChanges(String name) {
    this.name = name;
  }

  /**
   * Compares with the version of the same name that was submitted last.
   *
   * @throws BusyException while another process is at its runs
   * @throws PawlException CONFIG when a run of the same name was trained with other values
   */
  static List<String> since(Database database, Plan plan, Sweep sweep) {
    SweepChanges changes = new SweepChanges(plan.name());
    Optional<SweepRow> before = database.sweeps().current(plan.name());
    if (before.isPresent()) {
      List<SweepRunRow> runs = database.sweeps().runs(before.get().experimentId());
      changes.refuseWhileRunning(database, runs);
      changes.values(before.get().configuration(), sweep.values());
      changes.runs(runs, plan);
      changes.refuseOtherTraining();
    }
    return changes.lines;
  }

  private void refuseWhileRunning(Database database, List<SweepRunRow> runs) {
    Liveness liveness = new Liveness(database);
    for (SweepRunRow run : runs) {
      if (run.status() == RunStatus.RUNNING || run.status() == RunStatus.PAUSED) {
        for (RunRow row : database.experiments().findRuns(run.id())) {
          if (liveness.interrupted(row).isEmpty()) {
            throw new BusyException(
                "sweep %s is under way: another process is at its run %s; 'pawl show %s' tells how it goes, 'pawl stop %s' ends it"
                    .formatted(name, run.name(), name, name));
          }
        }
      }
    }
  }

  private void values(Map<String, String> old, Map<String, String> now) {
    TreeSet<String> keys = new TreeSet<>(old.keySet());
    keys.addAll(now.keySet());
    for (String key : keys) {
      String before = old.get(key);
      String after = now.get(key);
      if (before == null || !before.equals(after)) {
        lines.add("  %s: %s -> %s".formatted(key, shown(before), shown(after)));
      }
    }
  }

  private static String shown(@Nullable String value) {
    if (value == null) {
      return "(not there)";
    }
    return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "...";
  }

  private void runs(List<SweepRunRow> before, Plan plan) {
    Map<String, SweepRunRow> old = new HashMap<>();
    before.forEach(run -> old.put(run.name(), run));
    int same = 0;
    int changed = 0;
    for (PlannedRun run : plan.runs()) {
      SweepRunRow other = old.remove(run.name());
      if (other != null && other.id().equals(run.id())) {
        same++;
      } else if (other != null) {
        changed++;
        compare(other, run);
      }
    }
    int fresh = plan.runs().size() - same - changed;
    if (changed + fresh + old.size() > 0) {
      lines.add(
          "  runs: %d the same, %d with other stages, %d new, %d no longer asked for (they stay in the record)"
              .formatted(same, changed, fresh, old.size()));
    }
  }

  private void compare(SweepRunRow old, PlannedRun run) {
    Optional<String> key =
        run.stages().stream()
            .filter(stage -> stage.kind().equals(StageKind.PRETRAIN.id()))
            .map(PlannedStage::key)
            .findFirst();
    if (old.trained() && !old.pretrainKey().equals(key)) {
      trainedOtherwise.add("  run %s (%s)".formatted(old.name(), old.id()));
    }
  }

  private void refuseOtherTraining() {
    if (trainedOtherwise.isEmpty()) {
      return;
    }
    List<String> message = new ArrayList<>();
    message.add(
        "sweep %s was submitted before, and %d of its runs were trained with other values than these:"
            .formatted(name, trainedOtherwise.size()));
    message.addAll(trainedOtherwise.subList(0, Math.min(SHOWN, trainedOtherwise.size())));
    if (trainedOtherwise.size() > SHOWN) {
      message.add("  and %d more".formatted(trainedOtherwise.size() - SHOWN));
    }
    message.add("what changed (key: old -> new):");
    message.addAll(lines);
    message.add(
        "under one name there would be two results; give this one a name of its own with experiment=NAME (what it shares is reused), or take the change back");
    throw new PawlException(FailureCause.CONFIG, String.join(System.lineSeparator(), message));
  }
}
