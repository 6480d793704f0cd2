package dev.pawl.activities.protocol;

import dev.pawl.activities.StageActivities;
import dev.pawl.activities.StageOutcome;
import dev.pawl.activities.StageRequest;
import dev.pawl.activities.artifact.ArtifactStores;
import dev.pawl.activities.stage.Stages;
import dev.pawl.db.Database;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.NewExperiment;
import dev.pawl.db.NewRun;
import dev.pawl.db.NewStage;
import dev.pawl.experiments.Experiments;
import dev.pawl.experiments.plan.Machine;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.plan.PlannedRun;
import dev.pawl.experiments.plan.Planner;
import dev.pawl.experiments.plan.StageKind;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A worker in a process of its own that leads the one run of an experiment through all its stages,
 * with leases that pass quickly. A stage that another worker holds is looked at again and again,
 * or, with {@code once}, ends the process with {@link #BUSY}.
 */
final class PlannedWorker {
  /** Exit code of a worker that found, or lost, a stage to another one. */
  static final int BUSY = 4;

  static final LeaseTiming TIMING =
      new LeaseTiming(Duration.ofSeconds(3), Duration.ofMillis(500), Duration.ofMillis(100));

  private PlannedWorker() {}

  static Plan plan(Path yaml) throws IOException {
    return Planner.plan(Experiments.load(yaml, List.of()), new Machine("cpu", 1));
  }

  public static void main(String[] arguments) throws Exception {
    JdbcSettings settings =
        new JdbcSettings(arguments[0], optional(arguments[1]), optional(arguments[2]));
    boolean once = arguments[5].equals("once");
    int code = 0;
    try (Database database = Database.open(settings)) {
      Plan plan = plan(Path.of(arguments[4]));
      PlannedRun run = plan.runs().get(0);
      database.experiments().register(registration(plan, run));
      StageProtocol protocol =
          new StageProtocol(
              database,
              ArtifactStores.of(Path.of(arguments[3])),
              new StageRegistry(Stages.all()),
              new Talk(),
              "worker",
              database.environments().register(Environments.describe(Map.of())),
              TIMING);
      for (var stage : run.stages()) {
        code = lead(protocol, plan, run, stage.kind(), stage.key(), once);
        if (code != 0) {
          break;
        }
      }
    }
    System.exit(code);
  }

  private static int lead(
      StageProtocol protocol, Plan plan, PlannedRun run, String kind, String key, boolean once)
      throws InterruptedException {
    StageRequest request = new StageRequest(plan.experimentId(), run.id(), key);
    while (true) {
      try {
        StageOutcome outcome =
            protocol.run(StageKind.of(kind), request, () -> {}, Instant.now().minusSeconds(60));
        System.err.println(kind + " " + outcome.digest());
        return 0;
      } catch (ApplicationFailure failure) {
        if (!failure.getType().equals(StageActivities.BUSY)) {
          throw failure;
        }
        if (once) {
          System.err.println(failure.getOriginalMessage());
          return BUSY;
        }
        Thread.sleep(200);
      }
    }
  }

  private static NewExperiment registration(Plan plan, PlannedRun run) {
    List<NewStage> stages =
        run.stages().stream()
            .map(
                stage ->
                    new NewStage(
                        stage.key(),
                        stage.kind(),
                        stage.version(),
                        stage.configJson(),
                        stage.inputs()))
            .toList();
    return new NewExperiment(
        plan.experimentId(),
        plan.name(),
        plan.digest(),
        plan.configJson(),
        plan.source(),
        List.of(new NewRun(run.id(), run.name(), "gpt", 0, run.configJson(), stages)));
  }

  private static Optional<String> optional(String argument) {
    return argument.isEmpty() ? Optional.empty() : Optional.of(argument);
  }

  /** Says what a terminal would. */
  private static final class Talk implements ProgressListener {
    @Override
    public void stageLost(String runName, String kind) {
      System.err.println(kind + " taken over");
    }
  }
}
