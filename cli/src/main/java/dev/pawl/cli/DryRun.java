package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.StageRow;
import dev.pawl.db.StageStatus;
import dev.pawl.experiments.LoadedExperiment;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.plan.PlannedRun;
import dev.pawl.experiments.plan.PlannedStage;
import dev.pawl.experiments.plan.StageLabel;
import java.util.Optional;

/** What would be done, in words. */
final class DryRun {
  private DryRun() {}

  static String text(LoadedExperiment loaded, Plan plan, Optional<Database> database) {
    StringBuilder text = new StringBuilder();
    text.append("# configuration, each value with its source\n");
    text.append(ResolvedYaml.text(loaded, plan));
    text.append("\n# planned stages\n");
    for (PlannedRun run : plan.runs()) {
      text.append("run %s (%s)%n".formatted(run.name(), run.id()));
      for (PlannedStage stage : run.stages()) {
        boolean done =
            database
                .flatMap(open -> open.stages().find(stage.key()))
                .map(StageRow::status)
                .filter(StageStatus.DONE::equals)
                .isPresent();
        text.append(
            "  %-19s %s  %s%n"
                .formatted(
                    StageLabel.of(stage.kind(), stage.version(), stage.configJson()),
                    stage.key(),
                    done ? "done" : "to do"));
      }
    }
    return text.toString();
  }
}
