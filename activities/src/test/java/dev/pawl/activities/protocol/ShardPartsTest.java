package dev.pawl.activities.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.StageOutcome;
import dev.pawl.activities.StageRequest;
import dev.pawl.activities.stage.Stages;
import dev.pawl.db.Database;
import dev.pawl.db.NewExperiment;
import dev.pawl.db.NewRun;
import dev.pawl.db.NewStage;
import dev.pawl.db.TestDatabase;
import dev.pawl.experiments.Experiments;
import dev.pawl.experiments.plan.Machine;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.plan.PlannedRun;
import dev.pawl.experiments.plan.PlannedStage;
import dev.pawl.experiments.plan.Planner;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.dataset.ShardManifest;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's shards, verified in parts, taken, and joined, by the stages of a real plan. */
class ShardPartsTest {
  private static final String YAML =
      """
      experiment: parts
      models:
        one:
          model_config: {num_hidden_layers: 1, hidden_size: 32, num_attention_heads: 2}
      training:
        {max_length: 64, total_batch_size: 4, num_train_steps: 10, learning_rate: 1e-3, save_steps: 10}
      evaluation: {tasks: []}
      """;

  private static Database database;

  @TempDir Path home;
  @TempDir Path shards;
  private PlannedRun run;
  private String experiment = "";
  private StageProtocol protocol;

  @BeforeAll
  static void open() {
    database = TestDatabase.fresh();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void plan() throws IOException {
    for (int i = 0; i < 3; i++) {
      Files.writeString(shard(i), "{\"text\":\"%s %d\"}\n".formatted(home.getFileName(), i));
    }
    ShardManifest.ofFolder(shards).write(shards.resolve("checksums.txt"));
    List<String> overrides = List.of("dataset.source=shards", "dataset.shards=" + shards);
    Path yaml = Files.writeString(home.resolve("parts.yaml"), YAML);
    Plan plan = Planner.plan(Experiments.load(yaml, overrides), new Machine("cpu", 1));
    run = plan.runs().get(0);
    experiment = plan.experimentId();
    List<NewStage> stages =
        run.stages().stream()
            .map(s -> new NewStage(s.key(), s.kind(), s.version(), s.configJson(), s.inputs()))
            .toList();
    database
        .experiments()
        .register(
            new NewExperiment(
                experiment,
                "parts",
                plan.digest(),
                "{}",
                "",
                List.of(new NewRun(run.id(), run.name(), "none", 0, "{}", stages))));
    protocol =
        StageProtocol.start(database, home, Stages.all(), ProgressListener.NONE, "test", Map.of());
  }

  @Test
  void eachShardIsReadByOnePartAndNotAgainByWhoTakesIt() throws IOException {
    for (int part = 0; part < 3; part++) {
      perform(part);
    }
    // Only somebody who reads it could tell: size and time are as they were.
    FileTime before = Files.getLastModifiedTime(shard(1));
    String text = Files.readString(shard(1));
    Files.writeString(shard(1), text.replace('t', 'T'));
    Files.setLastModifiedTime(shard(1), before);

    assertFalse(perform(3).reused());

    ApplicationFailure joined = assertThrows(ApplicationFailure.class, () -> perform(4));
    assertTrue(joined.getOriginalMessage().contains("s-00001.jsonl"), joined.getOriginalMessage());
  }

  @Test
  void aShardThatIsWrittenAfterItsPartIsReadAgainAndRefused() throws IOException {
    for (int part = 0; part < 3; part++) {
      perform(part);
    }
    Files.writeString(shard(2), "{\"text\":\"other\"}\n");

    ApplicationFailure taken = assertThrows(ApplicationFailure.class, () -> perform(3));

    String message = taken.getOriginalMessage();
    assertTrue(message.contains("1 files of " + shards), message);
    assertTrue(message.contains("s-00002.jsonl"), message);
  }

  @Test
  void everyPartListsItsOwnAndAfterMendingAllIsJoined() throws IOException {
    String whole = Files.readString(shard(0)) + Files.readString(shard(1));
    whole += Files.readString(shard(2));
    String good = Files.readString(shard(0));
    Files.writeString(shard(0), "{");
    Path extra = Files.writeString(shards.resolve("s-00003.jsonl"), "");
    String first = assertThrows(ApplicationFailure.class, () -> perform(0)).getOriginalMessage();
    assertTrue(first.contains("2 files of " + shards), first);
    assertTrue(first.contains("s-00000.jsonl (1 bytes) has SHA-256"), first);
    assertTrue(first.contains("s-00003.jsonl is extra"), first);
    assertFalse(perform(1).reused());

    Files.writeString(shard(0), good);
    Files.delete(extra);
    for (int stage = 0; stage < 5; stage++) {
      assertEquals(stage == 1, perform(stage).reused());
    }

    String result =
        database.stages().find(run.stages().get(4).key()).orElseThrow().resultJson().get();
    Path expected = Files.writeString(home.resolve("expected"), whole);
    String sha256 = FileDigests.of(expected, bytes -> {}).sha256();
    assertTrue(result.contains(sha256), result);
  }

  private Path shard(int number) {
    return shards.resolve("s-%05d.jsonl".formatted(number));
  }

  private StageOutcome perform(int number) {
    PlannedStage stage = run.stages().get(number);
    return protocol.run(
        StageKind.of(stage.kind()),
        new StageRequest(experiment, run.id(), stage.key()),
        () -> {},
        Instant.now());
  }
}
