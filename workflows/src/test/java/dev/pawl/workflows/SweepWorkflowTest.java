package dev.pawl.workflows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.RunOutcome;
import dev.pawl.activities.SweepFinish;
import dev.pawl.activities.SweepRunPlan;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SweepWorkflowTest {
  private final ScriptedStages stages = new ScriptedStages();
  private final ScriptedRuns runs = new ScriptedRuns();
  private final TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance();
  private ScriptedSweep sweep = new ScriptedSweep(List.of());

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void moreRunsThanAHistoryHoldsAreAllBegunOnceAndInPages() {
    int count = 2 * SweepWorkflowImpl.PAGE + 30;
    String[] keys = IntStream.range(0, count).mapToObj(i -> "good").toArray(String[]::new);

    SweepEnd end = run("many", 3, 0, keys);

    assertEquals(new SweepEnd(count, 0, 0, List.of()), end);
    assertEquals(List.of(SweepWorkflowImpl.PAGE, SweepWorkflowImpl.PAGE, 30), sweep.pages);
    assertEquals(count, stages.calls.stream().distinct().count());
    assertEquals(count, stages.calls.size());
    assertTrue(runs.mostAtOnce.get() <= 3, "at once: " + runs.mostAtOnce.get());
    assertEquals(1, sweep.started.get());
    assertEquals(1, sweep.finishes.size());
    assertNull(sweep.finishes.get(0).why());
  }

  @Test
  void collectingAllAFailedRunStopsNoOther() {
    SweepEnd end = run("collect", 1, 0, "good", "bad", "good", "bad", "good");

    assertEquals(3, end.done());
    assertEquals(2, end.failed());
    assertEquals("DATA", end.failures().get(0).cause());
    assertEquals("r1", end.failures().get(0).runId());
    assertEquals(5, stages.calls.size());
  }

  @Test
  void failingFastNothingIsBegunAfterTheFirst() {
    SweepEnd end = run("fast", 1, 1, "good", "bad", "never", "never");

    assertEquals(1, end.done());
    assertEquals(1, end.failed());
    assertEquals(2, stages.calls.size(), stages.calls.toString());
    SweepFinish finish = sweep.finishes.get(0);
    assertTrue(String.valueOf(finish.why()).startsWith("not begun: 1 run failed"), finish.why());
    assertEquals(List.of(0, 1, 2, 3), finish.notBegun());
  }

  @Test
  void afterAsManyFailuresAsAskedNothingIsBegunOnLaterPagesEither() {
    String[] keys =
        IntStream.range(0, SweepWorkflowImpl.PAGE + 50)
            .mapToObj(i -> i % 50 == 7 ? "bad" : "good")
            .toArray(String[]::new);

    SweepEnd end = run("after", 1, 3, keys);

    assertEquals(3, end.failed());
    assertEquals(SweepWorkflowImpl.PAGE + 8, stages.calls.size());
    assertEquals(50, sweep.finishes.get(0).notBegun().size());
  }

  @Test
  void cancelledRunsSaveAndNothingMoreIsBegun() throws InterruptedException {
    start("hold-1", "hold-2", "never");
    WorkflowStub stub =
        WorkflowStub.fromTyped(
            temporal.getWorkflowClient().newWorkflowStub(SweepWorkflow.class, options("given-up")));
    stub.start(SweepRequest.of("given-up", 2, 0, 3, RunNumbers.of(List.of(0, 1, 2))));
    assertTrue(stages.held.await(30, TimeUnit.SECONDS));

    stub.cancel();

    assertThrows(WorkflowFailedException.class, () -> stub.getResult(SweepEnd.class));
    assertEquals(List.of("hold-1", "hold-2"), stages.saved.stream().sorted().toList());
    assertTrue(runs.ends.stream().allMatch(end -> end.outcome() == RunOutcome.CANCELLED));
    assertTrue(sweep.finishes.get(0).cancelled());
    assertEquals("not begun: the sweep was cancelled", sweep.finishes.get(0).why());
    assertEquals(2, stages.calls.size(), stages.calls.toString());
  }

  @Test
  void numbersAreShortAndComeBackAsTheyWere() {
    assertEquals("0-2,5,7-8", RunNumbers.of(List.of(5, 0, 8, 1, 2, 7, 7)).text());
    assertEquals(List.of(0, 1, 2, 5, 7, 8), RunNumbers.parse("0-2,5,7-8").numbers());
    assertEquals("0-99999", RunNumbers.of(IntStream.range(0, 100_000).boxed().toList()).text());
    assertTrue(RunNumbers.parse("").isEmpty());
    assertEquals("", RunNumbers.of(List.of()).text());
  }

  private SweepEnd run(String id, int maxInFlight, int stopAfter, String... keys) {
    start(keys);
    return temporal
        .getWorkflowClient()
        .newWorkflowStub(SweepWorkflow.class, options(id))
        .run(
            SweepRequest.of(
                id,
                maxInFlight,
                stopAfter,
                3,
                RunNumbers.of(IntStream.range(0, keys.length).boxed().toList())));
  }

  /** Runs of one stage each, which does as its key says. */
  private void start(String... keys) {
    List<SweepRunPlan> plans = new ArrayList<>();
    for (int i = 0; i < keys.length; i++) {
      plans.add(
          new SweepRunPlan(
              "r" + i, List.of(new SweepRunPlan.StagePlan("corpus", keys[i], List.of()))));
    }
    sweep = new ScriptedSweep(plans);
    WorkerSetup.register(
        temporal.getWorkerFactory(), stages, runs, sweep, new ScriptedStopping(), 4, true);
    temporal.start();
  }

  private static WorkflowOptions options(String id) {
    return WorkflowOptions.newBuilder()
        .setWorkflowId(WorkflowIds.experiment(id))
        .setTaskQueue(WorkerSetup.TASK_QUEUE)
        .build();
  }
}
