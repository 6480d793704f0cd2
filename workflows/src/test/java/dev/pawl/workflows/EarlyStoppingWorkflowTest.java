package dev.pawl.workflows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.RunOutcome;
import dev.pawl.activities.RungJob;
import dev.pawl.activities.RungReport;
import dev.pawl.activities.SweepRunPlan;
import dev.pawl.activities.SweepRunPlan.StagePlan;
import dev.pawl.workflows.ScriptedStopping.Waiting;
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

class EarlyStoppingWorkflowTest {
  private final ScriptedStages stages = new ScriptedStages();
  private final ScriptedRuns runs = new ScriptedRuns();
  private final TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance();
  private ScriptedSweep sweep = new ScriptedSweep(List.of());
  private ScriptedStopping stopping = new ScriptedStopping();

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void aRunRestsBehindItsTrainingAndOnlyTheLastRungGoesOn() {
    start(
        List.of("good", "good"),
        new Waiting(0, job(1, 0, 0)),
        new Waiting(1, job(2, 1, 0)),
        new Waiting(2, job(3, 1, 1)));

    SweepEnd end = lead("rungs", 1, 0, 2);

    assertEquals(
        List.of(
            "r0 Corpus good-data",
            "r0 Pretrain good-0",
            "r1 Corpus good-data",
            "r1 Pretrain good-1",
            "r1 Corpus good-data",
            "r1 Pretrain good-1",
            "r1 Report good-1-report"),
        stages.calls);
    assertEquals(List.of(10L, 0L), stages.rests.stream().distinct().toList());
    assertEquals(
        List.of("1 null", "2 null", "3 null"),
        stopping.reports.stream().map(each -> words(each)).toList());
    assertEquals(new SweepEnd(1, 0, 0, List.of()), end);
    assertEquals(List.of("rungs"), stopping.ended);
    assertEquals(1, sweep.finishes.size());
    assertNull(sweep.finishes.get(0).why());
    // Only the end of a run is recorded as one.
    assertEquals(List.of("r1"), runs.ends.stream().map(each -> each.runId()).toList());
  }

  @Test
  void aRunWithoutNumbersIsReportedAndOneThatFailsOtherwiseIsNotAskedForAgain() {
    start(
        List.of("nan", "bad", "good"),
        new Waiting(0, job(1, 0, 0)),
        new Waiting(1, job(2, 1, 0)),
        new Waiting(1, job(3, 2, 0)));

    SweepEnd end = lead("failing", 1, 0, 3);

    assertEquals(2, end.failed());
    assertEquals(
        List.of("1 NUMERIC", "3 null"),
        stopping.reports.stream().map(each -> words(each)).toList());
    assertEquals(List.of(List.of(), List.of(), List.of(2), List.of(2)), stopping.taken);
    assertEquals(List.of("failing"), stopping.ended);
  }

  @Test
  void asManyJobsAsAskedGoOnAtATimeAndWhatIsTakenIsSaid() {
    start(
        List.of("slow", "slow", "slow", "slow"),
        IntStream.range(0, 4)
            .mapToObj(i -> new Waiting(0, job(i + 1, i, 0)))
            .toArray(Waiting[]::new));

    lead("crowd", 2, 0, 4);

    assertEquals(4, stopping.reports.size());
    assertEquals(1, stopping.taken.stream().mapToInt(List::size).max().orElse(0));
  }

  @Test
  void moreJobsThanAHistoryHoldsGoOnInAnother() {
    int count = EarlyStoppingWorkflowImpl.PAGE + 20;
    List<String> keys = new ArrayList<>(IntStream.range(0, count).mapToObj(i -> "good").toList());
    keys.set(3, "bad");
    start(
        keys,
        IntStream.range(0, count)
            .mapToObj(i -> new Waiting(0, job(i + 1, i, 0)))
            .toArray(Waiting[]::new));

    SweepEnd end = lead("many", 4, 0, count);

    assertEquals(1, end.failed());
    assertEquals(count - 1, stopping.reports.size());
    assertEquals(1, sweep.started.get());
    assertEquals(1, sweep.finishes.size());
    assertEquals(List.of("many"), stopping.ended);
    // What has failed is remembered in the next history.
    assertTrue(stopping.taken.get(stopping.taken.size() - 1).contains(4), "" + stopping.taken);
  }

  @Test
  void afterAsManyFailuresAsAskedNothingMoreIsBegun() {
    start(
        List.of("good", "bad", "never"),
        new Waiting(0, job(1, 0, 0)),
        new Waiting(0, job(2, 1, 0)),
        new Waiting(0, job(3, 2, 0)));

    SweepEnd end = lead("fast", 1, 1, 3);

    assertEquals(1, end.failed());
    assertEquals(4, stages.calls.size(), "" + stages.calls);
    assertEquals(List.of(), stopping.ended);
    assertTrue(String.valueOf(sweep.finishes.get(0).why()).startsWith("not begun: 1 run failed"));
  }

  @Test
  void cancelledRunsSaveAndNothingMoreIsBegun() throws InterruptedException {
    start(
        List.of("hold-1", "hold-2", "never"),
        new Waiting(0, job(1, 0, 0)),
        new Waiting(0, job(2, 1, 0)),
        new Waiting(0, job(3, 2, 0)));
    WorkflowStub stub =
        WorkflowStub.fromTyped(
            temporal
                .getWorkflowClient()
                .newWorkflowStub(EarlyStoppingWorkflow.class, options("given-up")));
    stub.start(request("given-up", 1, 0, 3));
    // One on the device at a time.
    while (stages.held.getCount() > 1) {
      TimeUnit.MILLISECONDS.sleep(20);
    }

    stub.cancel();

    assertThrows(WorkflowFailedException.class, () -> stub.getResult(SweepEnd.class));
    assertEquals(List.of("hold-1-0"), stages.saved);
    assertEquals(RunOutcome.CANCELLED, runs.ends.get(0).outcome());
    assertTrue(sweep.finishes.get(0).cancelled());
    assertEquals(List.of(), stopping.ended);
    assertEquals(List.of(), stopping.reports);
  }

  private static String words(RungReport report) {
    return report.job().decision() + " " + report.cause();
  }

  /** Two rungs: after 10 steps, and the end. */
  private static RungJob job(int decision, int trial, int rung) {
    return new RungJob(decision, trial, "r" + trial, rung, rung == 0 ? 10 : 90, rung == 1);
  }

  private SweepEnd lead(String id, int maxInFlight, int stopAfter, int count) {
    return temporal
        .getWorkflowClient()
        .newWorkflowStub(EarlyStoppingWorkflow.class, options(id))
        .lead(request(id, maxInFlight, stopAfter, count));
  }

  private static EarlyStoppingRequest request(
      String id, int maxInFlight, int stopAfter, int count) {
    return EarlyStoppingRequest.of(
        SweepRequest.of(
            id,
            maxInFlight,
            stopAfter,
            3,
            RunNumbers.of(IntStream.range(0, count).boxed().toList())));
  }

  /** Runs of three stages, whose training does as its key says. */
  private void start(List<String> keys, Waiting... jobs) {
    List<SweepRunPlan> plans = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      String key = keys.get(i) + "-" + i;
      plans.add(
          new SweepRunPlan(
              "r" + i,
              List.of(
                  new StagePlan("corpus", "good-data", List.of()),
                  new StagePlan("pretrain", key, List.of("good-data")),
                  new StagePlan("report", key + "-report", List.of(key)))));
    }
    sweep = new ScriptedSweep(plans);
    stopping = new ScriptedStopping(List.of(jobs));
    WorkerSetup.register(temporal.getWorkerFactory(), stages, runs, sweep, stopping, 4, true);
    temporal.start();
  }

  private static WorkflowOptions options(String id) {
    return WorkflowOptions.newBuilder()
        .setWorkflowId(WorkflowIds.experiment(id))
        .setTaskQueue(WorkerSetup.TASK_QUEUE)
        .build();
  }
}
