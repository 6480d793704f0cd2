package dev.pawl.workflows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.RunEnd;
import dev.pawl.activities.RunOutcome;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.util.List;
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
    WorkerSetup.register(temporal.getWorkerFactory(), stages, runs, 4, true);
    temporal.start();
  }

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void theStagesOfARunAreDoneInOrder() {
    List<StageStep> steps = KINDS.stream().map(kind -> new StageStep(kind, "k-" + kind)).toList();

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
                new RunRequest("r1", List.of(new StageStep("corpus", "good"))),
                new RunRequest(
                    "r2",
                    List.of(new StageStep("corpus", "bad"), new StageStep("unshard", "never"))),
                new RunRequest("r3", List.of(new StageStep("corpus", "good")))));

    RunEnd failed = new RunEnd("r2", RunOutcome.FAILED, "DATA", "shard 3 is truncated");
    assertEquals(List.of(RunEnd.done("r1"), failed, RunEnd.done("r3")), end.runs());
    assertEquals(List.of(failed), end.failures());
    assertTrue(runs.ends.contains(failed));
    assertFalse(stages.calls.toString().contains("never"));
  }

  @Test
  void noMoreRunsGoOnThanAsked() {
    List<RunRequest> requests =
        List.of("a", "b", "c", "d", "e").stream()
            .map(id -> new RunRequest(id, List.of(new StageStep("corpus", "good"))))
            .toList();

    ExperimentEnd end = experiment("crowd", 2, requests);

    assertEquals(5, end.runs().size());
    assertTrue(runs.mostAtOnce.get() <= 2, "at once: " + runs.mostAtOnce.get());
  }

  private ExperimentEnd experiment(String id, int maxInFlight, List<RunRequest> requests) {
    WorkflowClient client = temporal.getWorkflowClient();
    WorkflowOptions options =
        WorkflowOptions.newBuilder()
            .setWorkflowId(WorkflowIds.experiment(id))
            .setTaskQueue(WorkerSetup.TASK_QUEUE)
            .build();
    return client
        .newWorkflowStub(ExperimentWorkflow.class, options)
        .run(new ExperimentRequest(id, maxInFlight, requests));
  }
}
