package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.RunEnd;
import dev.pawl.db.AttemptRow;
import dev.pawl.db.Database;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.StageRow;
import dev.pawl.db.StageStatus;
import dev.pawl.db.TestDatabase;
import dev.pawl.experiments.Experiments;
import dev.pawl.experiments.plan.Machine;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.plan.Planner;
import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.dataset.ShardManifest;
import dev.pawl.workflows.ExperimentEnd;
import dev.pawl.workflows.ExperimentRequest;
import dev.pawl.workflows.ExperimentWorkflow;
import dev.pawl.workflows.RunRequest;
import dev.pawl.workflows.StageStep;
import dev.pawl.workflows.WorkerSetup;
import dev.pawl.workflows.WorkflowIds;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testserver.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two workers, each a process of its own, share the parts of one run's shards. */
class FanOutTest {
  private static final int SHARDS = 16;
  private static final int PARTS = 8;
  private static final Set<String> DATA =
      Set.of("checksum_shards", "corpus", "unshard", "checksum");
  private static final String YAML =
      """
      experiment: fan-out
      models:
        one:
          model_config: {num_hidden_layers: 1, hidden_size: 32, num_attention_heads: 2}
      training:
        {max_length: 64, total_batch_size: 4, num_train_steps: 10, learning_rate: 1e-3, save_steps: 10}
      evaluation: {tasks: []}
      """;

  @TempDir Path folder;
  private final List<Process> workers = new ArrayList<>();
  private final JdbcSettings settings = TestDatabase.freshSettings();
  private String target = "";
  private TestServer.PortBoundTestServer temporal;
  private WorkflowServiceStubs service;
  private Database database;
  private Plan plan;

  @BeforeEach
  void start() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    target = "127.0.0.1:" + port;
    temporal = TestServer.createPortBoundServer(port, true);
    service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(target).build());
    database = Database.open(settings);
    Path shards = Files.createDirectory(folder.resolve("shards"));
    for (int i = 0; i < SHARDS; i++) {
      String line = "{\"text\":\"%d\"}\n".formatted(i);
      Files.writeString(shards.resolve("s-%05d.jsonl".formatted(i)), line.repeat(100_000));
    }
    ShardManifest.ofFolder(shards).write(shards.resolve("checksums.txt"));
    Path yaml = Files.writeString(folder.resolve("fan-out.yaml"), YAML);
    List<String> overrides = List.of("dataset.source=shards", "dataset.shards=" + shards);
    plan = Planner.plan(Experiments.load(yaml, overrides), new Machine("cpu", 1));
    database.experiments().register(Submission.registration(plan, Optional.empty()));
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Process worker : workers) {
      worker.destroyForcibly().waitFor();
    }
    database.close();
    service.shutdownNow();
    temporal.close();
  }

  @Test
  void twoWorkersTakePartsAtTheSameTimeAndEachPartIsDoneOnce() throws IOException {
    Process one = worker("one");
    Process two = worker("two");

    assertEquals(List.of(RunEnd.done(plan.runs().get(0).id())), run().runs());

    List<AttemptRow> attempts = attemptsAtParts();
    assertEquals(PARTS, attempts.size(), attempts.toString());
    assertEquals(
        Set.of(one.pid(), two.pid()),
        attempts.stream().map(AttemptRow::pid).collect(Collectors.toSet()));
    assertTrue(
        attempts.stream()
            .anyMatch(a -> attempts.stream().anyMatch(b -> a.pid() != b.pid() && overlap(a, b))),
        attempts.toString());
    joined();
  }

  @Test
  void aKilledWorkersPartIsTakenOverAndNoOtherIsDoneAgain() throws Exception {
    Process killed = worker("killed", "-Dpawl.chaos=kill@checksum_shards.after_execute");
    Process other = worker("other");

    assertEquals(List.of(RunEnd.done(plan.runs().get(0).id())), run().runs());

    assertEquals(137, killed.waitFor());
    List<AttemptRow> attempts = attemptsAtParts();
    assertEquals(PARTS + 1, attempts.size(), attempts.toString());
    List<AttemptRow> lost =
        attempts.stream().filter(attempt -> attempt.pid() == killed.pid()).toList();
    assertEquals(1, lost.size(), attempts.toString());
    assertEquals("INFRASTRUCTURE", lost.get(0).cause().orElse(""));
    assertEquals(
        PARTS,
        attempts.stream()
            .filter(attempt -> attempt.pid() == other.pid())
            .filter(attempt -> attempt.outcome().orElse("").equals("DONE"))
            .count());
    joined();
  }

  private static boolean overlap(AttemptRow a, AttemptRow b) {
    return a.startedAt().isBefore(b.finishedAt().orElseThrow())
        && b.startedAt().isBefore(a.finishedAt().orElseThrow());
  }

  private List<StageRow> stages(String kind) {
    return database.experiments().stagesOf(plan.runs().get(0).id()).stream()
        .filter(stage -> stage.kind().equals(kind))
        .toList();
  }

  private List<AttemptRow> attemptsAtParts() {
    List<StageRow> parts = stages("checksum_shards");
    assertEquals(PARTS, parts.size());
    parts.forEach(part -> assertEquals(StageStatus.DONE, part.status()));
    return parts.stream()
        .flatMap(part -> database.experiments().attemptsOf(part.key()).stream())
        .toList();
  }

  /** The joined file holds the shards in the order of their names. */
  private void joined() throws IOException {
    StringBuilder whole = new StringBuilder();
    for (int i = 0; i < SHARDS; i++) {
      whole.append(Files.readString(folder.resolve("shards/s-%05d.jsonl".formatted(i))));
    }
    Path expected = Files.writeString(folder.resolve("whole"), whole);
    String sha256 = FileDigests.of(expected, bytes -> {}).sha256();
    String result = stages("unshard").get(0).resultJson().orElse("");
    assertTrue(result.contains(sha256), result);
    assertEquals(StageStatus.DONE, stages("checksum").get(0).status());
  }

  private ExperimentEnd run() {
    RunRequest whole = new Submission(database, folder).request(plan).runs().get(0);
    List<StageStep> data =
        whole.stages().stream().filter(step -> DATA.contains(step.kind())).toList();
    return WorkflowClient.newInstance(service)
        .newWorkflowStub(
            ExperimentWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(WorkflowIds.experiment(plan.experimentId()))
                .setTaskQueue(WorkerSetup.TASK_QUEUE)
                .build())
        .run(
            new ExperimentRequest(
                plan.experimentId(), 1, List.of(new RunRequest(whole.runId(), data))));
  }

  private Process worker(String name, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(DataWorker.class.getName());
    command.addAll(
        List.of(
            settings.url(),
            settings.user().orElse(""),
            settings.password().orElse(""),
            target,
            folder.resolve("home").toString(),
            name));
    Path errors = folder.resolve(name + ".err");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    workers.add(process);
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    while (line != null && !line.equals("ready")) {
      line = out.readLine();
    }
    assertEquals("ready", line, Files.readString(errors));
    return process;
  }
}
