package dev.pawl.workflows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.RunEnd;
import dev.pawl.activities.RunOutcome;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExperimentWorkflowTest {
  private static final List<String> KINDS =
      List.of(
          "corpus",
          "checksum_shards",
          "unshard",
          "checksum",
          "tokenize",
          "pretrain",
          "evaluate",
          "generation",
          "report");

  private final ScriptedStages stages = new ScriptedStages();
  private final ScriptedRuns runs = new ScriptedRuns();
  private TestWorkflowEnvironment temporal;

  @BeforeEach
  void start() {
    temporal = TestWorkflowEnvironment.newInstance();
    WorkerSetup.register(
        temporal.getWorkerFactory(),
        stages,
        runs,
        new ScriptedSweep(List.of()),
        new ScriptedStopping(),
        4,
        true);
    temporal.start();
  }

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void theStagesOfARunAreDoneInOrder() {
    List<StageStep> steps = new ArrayList<>();
    for (String kind : KINDS) {
      List<String> before = steps.stream().map(StageStep::key).toList();
      steps.add(StageStep.of(kind, "k-" + kind, before));
    }

    ExperimentEnd end = experiment("order", 1, List.of(new RunRequest("r1", steps)));

    assertEquals(List.of(RunEnd.done("r1")), end.runs());
    assertEquals(
        List.of(
            "r1 Corpus k-corpus",
            "r1 ChecksumShards k-checksum_shards",
            "r1 Unshard k-unshard",
            "r1 Checksum k-checksum",
            "r1 Tokenize k-tokenize",
            "r1 Pretrain k-pretrain",
            "r1 Evaluate k-evaluate",
            "r1 Generation k-generation",
            "r1 Report k-report"),
        stages.calls);
  }

  @Test
  void aFailedRunDoesNotStopTheOthersAndIsListedWithItsCause() {
    ExperimentEnd end =
        experiment(
            "failing",
            1,
            List.of(
                new RunRequest("r1", List.of(step("corpus", "good"))),
                new RunRequest(
                    "r2", List.of(step("corpus", "bad"), step("unshard", "never", "bad"))),
                new RunRequest("r3", List.of(step("corpus", "good")))));

    RunEnd failed = new RunEnd("r2", RunOutcome.FAILED, "DATA", "shard 3 is truncated: bad");
    assertEquals(List.of(RunEnd.done("r1"), failed, RunEnd.done("r3")), end.runs());
    assertEquals(List.of(failed), end.failures());
    assertTrue(runs.ends.contains(failed));
    assertFalse(stages.calls.toString().contains("never"));
  }

  @Test
  void noMoreRunsGoOnThanAsked() {
    List<RunRequest> requests =
        List.of("a", "b", "c", "d", "e").stream()
            .map(id -> new RunRequest(id, List.of(step("corpus", "good"))))
            .toList();

    ExperimentEnd end = experiment("crowd", 2, requests);

    assertEquals(5, end.runs().size());
    assertTrue(runs.mostAtOnce.get() <= 2, "at once: " + runs.mostAtOnce.get());
  }

  @Test
  void partsGoOnTogetherAndWhatNeedsThemWaitsForAll() {
    List<StageStep> steps = new ArrayList<>(List.of(step("corpus", "good")));
    List<String> parts = new ArrayList<>();
    for (int i = 1; i <= ScriptedStages.MEETING; i++) {
      parts.add("meet-" + i);
      steps.add(step("checksum_shards", "meet-" + i, "good"));
    }
    steps.add(StageStep.of("unshard", "whole", parts));

    ExperimentEnd end = experiment("parts", 1, List.of(new RunRequest("fan", steps)));

    assertEquals(List.of(RunEnd.done("fan")), end.runs());
    assertEquals(6, stages.calls.size());
    assertEquals("fan Corpus good", stages.calls.get(0));
    assertEquals("fan Unshard whole", stages.calls.get(5));
  }

  @Test
  void everyPartSaysWhatIsWrongWithItAndNothingFollows() {
    List<StageStep> steps =
        List.of(
            step("checksum_shards", "bad-1"),
            step("checksum_shards", "slow-2"),
            step("checksum_shards", "bad-3"),
            step("corpus", "never", "bad-1", "slow-2", "bad-3"));

    ExperimentEnd end = experiment("wrong", 1, List.of(new RunRequest("two-bad", steps)));

    RunEnd failed = end.failures().get(0);
    assertEquals(RunOutcome.FAILED, failed.outcome());
    assertEquals("DATA", failed.cause());
    List<String> lines = failed.message().lines().sorted().toList();
    assertEquals(List.of("shard 3 is truncated: bad-1", "shard 3 is truncated: bad-3"), lines);
    assertEquals(3, stages.calls.size(), stages.calls.toString());
  }

  @Test
  void nothingOfItsRunGoesOnBesideAMeasurement() {
    List<StageStep> steps =
        List.of(
            step("pretrain", "trained"),
            step("generation", "slow-measured", "trained"),
            step("evaluate", "slow-scored", "trained"),
            step("report", "slow-told", "trained"),
            step("take", "slow-apart"));

    ExperimentEnd end = experiment("quiet", 1, List.of(new RunRequest("alone", steps)));

    assertEquals(List.of(RunEnd.done("alone")), end.runs());
    assertEquals(5, stages.calls.size());
    assertEquals(List.of(), stages.besideMeasurement);
  }

  @Test
  void cancelledStagesSaveAndTheRunSaysSo() throws InterruptedException {
    List<StageStep> steps =
        List.of(
            step("checksum_shards", "hold-1"),
            step("checksum_shards", "hold-2"),
            step("unshard", "never", "hold-1", "hold-2"));
    WorkflowStub stub =
        WorkflowStub.fromTyped(
            temporal
                .getWorkflowClient()
                .newWorkflowStub(ExperimentWorkflow.class, options("given-up")));
    stub.start(new ExperimentRequest("given-up", 1, List.of(new RunRequest("cancelled", steps))));
    assertTrue(stages.held.await(30, TimeUnit.SECONDS));

    stub.cancel();

    assertThrows(WorkflowFailedException.class, () -> stub.getResult(ExperimentEnd.class));
    assertEquals(List.of("hold-1", "hold-2"), stages.saved.stream().sorted().toList());
    assertEquals(RunOutcome.CANCELLED, runs.ends.get(0).outcome());
    assertEquals(2, stages.calls.size(), stages.calls.toString());
  }

  private static StageStep step(String kind, String key, String... inputs) {
    return StageStep.of(kind, key, List.of(inputs));
  }

  private static WorkflowOptions options(String id) {
    return WorkflowOptions.newBuilder()
        .setWorkflowId(WorkflowIds.experiment(id))
        .setTaskQueue(WorkerSetup.TASK_QUEUE)
        .build();
  }

  private ExperimentEnd experiment(String id, int maxInFlight, List<RunRequest> requests) {
    WorkflowClient client = temporal.getWorkflowClient();
    return client
        .newWorkflowStub(ExperimentWorkflow.class, options(id))
        .run(new ExperimentRequest(id, maxInFlight, requests));
  }
}
