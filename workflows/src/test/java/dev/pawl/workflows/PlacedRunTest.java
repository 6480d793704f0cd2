package dev.pawl.workflows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pawl.activities.RunEnd;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.SearchAttributes;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs of a cluster: where their stages wait, what becomes of a lost place, how they are found. */
class PlacedRunTest {
  private static final List<StageStep> STEPS =
      List.of(
          step("checksum_shards", "shard-1"),
          step("checksum_shards", "shard-2"),
          step("corpus", "corpus", "shard-1", "shard-2"),
          step("pretrain", "train", "corpus").on("cpu-2"),
          step("report", "report", "train"));

  private final ScriptedRuns runs = new ScriptedRuns();
  private final TestWorkflowEnvironment temporal =
      TestWorkflowEnvironment.newInstance(TestEnvironmentOptions.newBuilder().build());

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void whatFollowsTheFirstStageWaitsAtItsPlace() {
    StagesAt stages = new StagesAt("here");
    serve(stages, "here");

    assertEquals(RunEnd.done("r"), run(new Setting(true, true, false)));
    assertEquals(
        List.of(
            "shard-1 pawl-data",
            "shard-2 pawl-data@here",
            "corpus pawl-data@here",
            "train pawl-device-cpu-2@here",
            "report pawl-data@here"),
        stages.calls);
  }

  @Test
  void aRunWhosePlaceIsGoneBeginsAgainAtAnother() {
    StagesAt stages = new StagesAt("gone", "here");
    runs.gonePlaces.add("gone");
    serve(stages, "here");

    assertEquals(RunEnd.done("r"), run(new Setting(true, true, false)));
    assertEquals(
        List.of(
            "shard-1 pawl-data",
            "shard-1 pawl-data",
            "shard-2 pawl-data@here",
            "corpus pawl-data@here",
            "train pawl-device-cpu-2@here",
            "report pawl-data@here"),
        stages.calls);
  }

  @Test
  void withAStoreForAllOnlyTheMachineMatters() {
    StagesAt stages = new StagesAt("nobody asks");
    serve(stages, null);

    assertEquals(RunEnd.done("r"), run(new Setting(true, false, false)));
    assertEquals("train pawl-device-cpu-2", stages.calls.get(3));
    assertEquals("report pawl-data", stages.calls.get(4));
  }

  @Test
  void runsAreFoundByWhatTheyAreAndWhereTheyStand() {
    RunAttributes.ALL.forEach(
        key ->
            temporal.registerSearchAttribute(
                key.getName(), IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD));
    serve(new StagesAt("here"), null);

    run(new Setting(true, false, true));

    SearchAttributes found =
        temporal
            .getWorkflowClient()
            .newUntypedWorkflowStub(WorkflowIds.run("r"))
            .describe()
            .getTypedSearchAttributes();
    assertEquals("scripted", found.get(RunAttributes.EXPERIMENT));
    assertEquals("r", found.get(RunAttributes.RUN));
    assertEquals("none", found.get(RunAttributes.MODEL));
    assertEquals("report", found.get(RunAttributes.STAGE));
  }

  private void serve(StagesAt stages, String place) {
    Worker workflows = temporal.newWorker(WorkerSetup.TASK_QUEUE);
    workflows.registerWorkflowImplementationFactory(
        RunWorkflow.class, () -> new RunWorkflowImpl(Duration.ofSeconds(1)));
    workflows.registerActivitiesImplementations(runs);
    WorkerSetup.register(
        temporal.getWorkerFactory(),
        new Offer(EnumSet.of(Work.DATA, Work.DEVICE), 2, "cpu-2", place, true),
        stages,
        runs,
        new ScriptedSweep(List.of()),
        new ScriptedStopping());
    temporal.start();
  }

  private RunEnd run(Setting setting) {
    WorkflowClient client = temporal.getWorkflowClient();
    return client
        .newWorkflowStub(
            RunWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(WorkflowIds.run("r"))
                .setTaskQueue(WorkerSetup.TASK_QUEUE)
                .build())
        .run(new RunOrder("e", new RunRequest("r", STEPS), setting));
  }

  private static StageStep step(String kind, String key, String... inputs) {
    return StageStep.of(kind, key, Arrays.asList(inputs));
  }
}
