package dev.pawl.workflows;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.RungJob;
import dev.pawl.activities.SweepRunPlan;
import dev.pawl.activities.SweepRunPlan.StagePlan;
import dev.pawl.workflows.ScriptedStopping.Waiting;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Records the histories of a release, for {@link HistoryReplayTest} of all later ones. No test of
 * the build: it is asked for by name, and writes into the sources.
 *
 * <pre>
 * mvn -pl workflows -am test -Dtest=HistoryRecording -Dsurefire.failIfNoSpecifiedTests=false
 *     -Dpawl.release=0.1.0
 * </pre>
 *
 * <p>With {@code TEMPORAL_ADDRESS} they come from that server, otherwise from one in this process.
 */
class HistoryRecording {
  private static final List<String> KINDS =
      List.of(
          "corpus",
          "checksum_shards",
          "unshard",
          "checksum",
          "tokenize",
          "take",
          "pretrain",
          "evaluate",
          "generation",
          "report");

  private final String release = System.getProperty("pawl.release", "");
  private final Map<String, Integer> parts = new HashMap<>();
  private final ScriptedStages stages = new ScriptedStages();
  private final TestWorkflowEnvironment temporal = environment();

  @BeforeEach
  void named() {
    assertTrue(!release.isBlank(), "-Dpawl.release=VERSION says which release records");
  }

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void experiments() throws IOException {
    List<StageStep> steps = new ArrayList<>();
    for (String kind : KINDS) {
      steps.add(StageStep.of(kind, "k-" + kind, steps.stream().map(StageStep::key).toList()));
    }
    List<StageStep> parted = new ArrayList<>(List.of(step("corpus", "good")));
    for (int i = 1; i <= ScriptedStages.MEETING; i++) {
      parted.add(step("checksum_shards", "meet-" + i, "good"));
    }
    serve(List.of());
    experiment("every-stage", 1, new RunRequest("order", steps));
    experiment("parts-together", 1, new RunRequest("parts", parted));
    experiment(
        "measurement-alone",
        1,
        new RunRequest(
            "alone",
            List.of(
                step("pretrain", "trained"),
                step("generation", "slow-measured", "trained"),
                step("evaluate", "scored", "trained"),
                step("take", "apart"))));
    experiment(
        "failed-retried-stopped",
        2,
        new RunRequest("good", List.of(step("corpus", "good"))),
        new RunRequest("bad", List.of(step("corpus", "bad"), step("unshard", "never", "bad"))),
        new RunRequest("flaky", List.of(step("corpus", "flaky"), step("take", "then", "flaky"))),
        new RunRequest("stopped", List.of(step("pretrain", "stop"))),
        new RunRequest(
            "two-bad",
            List.of(step("checksum_shards", "bad-1"), step("checksum_shards", "bad-2"))));
  }

  @Test
  void cancelledExperiment() throws IOException, InterruptedException {
    serve(List.of());
    cancelled(
        "cancelled-experiment",
        stub(ExperimentWorkflow.class, "given-up"),
        new ExperimentRequest(
            "given-up",
            1,
            List.of(
                new RunRequest(
                    "cancelled",
                    List.of(
                        step("checksum_shards", "hold-1"),
                        step("checksum_shards", "hold-2"),
                        step("unshard", "never", "hold-1", "hold-2"))),
                new RunRequest("waiting", List.of(step("corpus", "never"))))));
  }

  @Test
  void sweeps() throws IOException {
    List<String> keys = new ArrayList<>(List.of("good", "bad", "stop", "good"));
    IntStream.range(0, SweepWorkflowImpl.PAGE).forEach(i -> keys.add("good"));
    serve(keys);
    sweep("sweep-collects-all", 2, 0, 4);
    sweep("sweep-fails-fast", 1, 1, 4);
    sweep("sweep-of-two-histories", 4, 0, SweepWorkflowImpl.PAGE + 2);
  }

  @Test
  void cancelledSweep() throws IOException, InterruptedException {
    serve(List.of("hold-1", "hold-2", "never"));
    // One trains at a time.
    stages.held.countDown();
    cancelled(
        "cancelled-sweep",
        stub(SweepWorkflow.class, "sweep-given-up"),
        sweepOf("sweep-given-up", 2, 0, 3));
  }

  @Test
  void rungs() throws IOException {
    serve(
        List.of("good", "nan", "bad", "good"),
        new Waiting(0, job(1, 0, 0)),
        new Waiting(0, job(2, 1, 0)),
        new Waiting(0, job(3, 2, 0)),
        new Waiting(1, job(4, 3, 0)),
        new Waiting(2, job(5, 3, 1)));
    stoppingEarly("rungs", 2, 4);
  }

  @Test
  void rungsOfTwoHistories() throws IOException {
    int count = EarlyStoppingWorkflowImpl.PAGE + 2;
    serve(
        IntStream.range(0, count).mapToObj(i -> "good").toList(),
        IntStream.range(0, count)
            .mapToObj(i -> new Waiting(0, job(i + 1, i, 0)))
            .toArray(Waiting[]::new));
    stoppingEarly("rungs-of-two-histories", 4, count);
  }

  @Test
  void cancelledRungs() throws IOException, InterruptedException {
    serve(List.of("hold-1", "never"), new Waiting(0, job(1, 0, 0)), new Waiting(1, job(2, 1, 0)));
    // One on the device at a time: the second is never begun.
    stages.held.countDown();
    cancelled(
        "cancelled-rungs",
        stub(EarlyStoppingWorkflow.class, "rungs-given-up"),
        EarlyStoppingRequest.of(sweepOf("rungs-given-up", 1, 0, 2)));
  }

  /**
   * Of a team: machines and places decide where stages wait, and the run is found by attributes.
   */
  @Test
  void placedRuns() throws IOException {
    if (server() == null) {
      RunAttributes.ALL.forEach(
          key ->
              temporal.registerSearchAttribute(
                  key.getName(), IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD));
    }
    ScriptedRuns runs = new ScriptedRuns();
    runs.gonePlaces.add("gone");
    Worker workflows = temporal.newWorker(WorkerSetup.TASK_QUEUE);
    workflows.registerWorkflowImplementationFactory(
        RunWorkflow.class, () -> new RunWorkflowImpl(Duration.ofSeconds(1)));
    workflows.registerWorkflowImplementationTypes(ExperimentWorkflowImpl.class);
    workflows.registerActivitiesImplementations(runs);
    WorkerSetup.register(
        temporal.getWorkerFactory(),
        new Offer(EnumSet.of(Work.DATA, Work.DEVICE), 2, "cpu-2", "here", server() == null),
        new StagesAt("gone", "here"),
        runs,
        new ScriptedSweep(List.of()),
        new ScriptedStopping());
    temporal.start();
    List<StageStep> steps =
        List.of(
            step("checksum_shards", "shard-1"),
            step("checksum_shards", "shard-2"),
            step("corpus", "corpus", "shard-1", "shard-2"),
            step("pretrain", "train", "corpus").on("cpu-2"),
            step("report", "report", "train"));
    List<RunRequest> asked = List.of(new RunRequest("placed", steps));
    keep(
        "place-lost",
        done(
            stub(ExperimentWorkflow.class, "place-lost"),
            new ExperimentRequest("place-lost", 1, asked, new Setting(true, true, true))),
        true);
    keep(
        "store-for-all",
        done(
            stub(ExperimentWorkflow.class, "store-for-all"),
            new ExperimentRequest("store-for-all", 1, asked, new Setting(true, false, false))),
        true);
  }

  private void experiment(String scenario, int maxInFlight, RunRequest... runs) throws IOException {
    keep(
        scenario,
        done(
            stub(ExperimentWorkflow.class, scenario),
            new ExperimentRequest(scenario, maxInFlight, List.of(runs))),
        true);
  }

  private void sweep(String scenario, int maxInFlight, int stopAfter, int count)
      throws IOException {
    keep(
        scenario,
        done(stub(SweepWorkflow.class, scenario), sweepOf(scenario, maxInFlight, stopAfter, count)),
        count < SweepWorkflowImpl.PAGE);
  }

  private void stoppingEarly(String scenario, int maxInFlight, int count) throws IOException {
    keep(
        scenario,
        done(
            stub(EarlyStoppingWorkflow.class, scenario),
            EarlyStoppingRequest.of(sweepOf(scenario, maxInFlight, 0, count))),
        count < EarlyStoppingWorkflowImpl.PAGE);
  }

  private static WorkflowExecution done(WorkflowStub stub, Object request) {
    WorkflowExecution begun = stub.start(request);
    stub.getResult(Object.class);
    return begun;
  }

  private void cancelled(String scenario, WorkflowStub stub, Object request)
      throws IOException, InterruptedException {
    WorkflowExecution begun = stub.start(request);
    assertTrue(stages.held.await(60, TimeUnit.SECONDS), "the stages do not begin");
    stub.cancel();
    assertThrows(WorkflowFailedException.class, () -> stub.getResult(Object.class));
    keep(scenario, begun, true);
  }

  /** Writes the history of a workflow, of what it continued as, and of its children. */
  private void keep(String scenario, WorkflowExecution begun, boolean children) throws IOException {
    WorkflowExecutionHistory history =
        temporal.getWorkflowClient().fetchHistory(begun.getWorkflowId(), begun.getRunId());
    int part = parts.merge(scenario + "/" + begun.getWorkflowId(), 1, Integer::sum);
    RecordedHistories.write(
        release,
        scenario,
        part,
        new WorkflowExecutionHistory(history.getHistory(), begun.getWorkflowId()));
    for (HistoryEvent event : history.getEvents()) {
      if (children && event.hasChildWorkflowExecutionStartedEventAttributes()) {
        keep(
            scenario,
            event.getChildWorkflowExecutionStartedEventAttributes().getWorkflowExecution(),
            true);
      }
      if (event.hasWorkflowExecutionContinuedAsNewEventAttributes()) {
        String next =
            event.getWorkflowExecutionContinuedAsNewEventAttributes().getNewExecutionRunId();
        keep(scenario, begun.toBuilder().setRunId(next).build(), children);
      }
    }
  }

  private WorkflowStub stub(Class<?> workflow, String id) {
    return temporal
        .getWorkflowClient()
        .newUntypedWorkflowStub(
            workflow.getSimpleName(),
            WorkflowOptions.newBuilder()
                .setWorkflowId(WorkflowIds.experiment(id))
                .setTaskQueue(WorkerSetup.TASK_QUEUE)
                .build());
  }

  /** Serves runs of three stages, whose training does as its key says. */
  private void serve(List<String> keys, Waiting... jobs) {
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
    WorkerSetup.register(
        temporal.getWorkerFactory(),
        stages,
        new ScriptedRuns(),
        new ScriptedSweep(plans),
        new ScriptedStopping(List.of(jobs)),
        4,
        server() == null);
    temporal.start();
  }

  private static @Nullable String server() {
    return System.getenv("TEMPORAL_ADDRESS");
  }

  private static TestWorkflowEnvironment environment() {
    String server = server();
    return server == null
        ? TestWorkflowEnvironment.newInstance()
        : TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setUseExternalService(true)
                .setTarget(server)
                .build());
  }

  private static StageStep step(String kind, String key, String... inputs) {
    return StageStep.of(kind, key, List.of(inputs));
  }

  /** Two rungs: after 10 steps, and the end. */
  private static RungJob job(int decision, int trial, int rung) {
    return new RungJob(decision, trial, "r" + trial, rung, rung == 0 ? 10 : 90, rung == 1);
  }

  private static SweepRequest sweepOf(String id, int maxInFlight, int stopAfter, int count) {
    return SweepRequest.of(
        id, maxInFlight, stopAfter, 3, RunNumbers.of(IntStream.range(0, count).boxed().toList()));
  }
}
